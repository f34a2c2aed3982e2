package dev.parley.doubles.telegram;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/// Who is what in a chat, and what the bot is told when that changes for itself.
final class Membership {
  private static final List<String> RIGHTS =
      List.of(
          "can_be_edited",
          "is_anonymous",
          "can_manage_chat",
          "can_delete_messages",
          "can_manage_video_chats",
          "can_restrict_members",
          "can_promote_members",
          "can_change_info",
          "can_invite_users",
          "can_post_stories",
          "can_edit_stories",
          "can_delete_stories");

  private final World world;
  private final Updates updates;

  Membership(World world, Updates updates) {
    this.world = world;
    this.updates = updates;
  }

  /// The bot's standing changes, and it is told so.
  ///
  /// @param by who changed it
  void botBecomes(ChatState.Standing standing, ChatState chat, User by, long now) {
    ObjectNode body = ApiJson.NODES.objectNode();
    body.set("chat", ApiJson.chat(chat.chat()));
    body.set("from", ApiJson.user(by));
    body.put("date", ApiJson.seconds(now));
    body.set("old_chat_member", member(chat, world.bot()));
    chat.bot(standing);
    body.set("new_chat_member", member(chat, world.bot()));
    updates.add(Update.Kind.MY_CHAT_MEMBER, chat.chat().id(), body);
  }

  ObjectNode member(ChatState chat, User user) {
    ObjectNode json = ApiJson.NODES.objectNode();
    json.set("user", ApiJson.user(user));
    String status = user.id() == world.bot().id() ? status(chat.bot()) : status(chat, user);
    json.put("status", status);
    if (status.equals("administrator")) {
      RIGHTS.forEach(right -> json.put(right, right.equals("can_manage_chat")));
      json.put("can_delete_messages", true);
    } else if (status.equals("kicked")) {
      json.put("until_date", 0);
    }
    return json;
  }

  private static String status(ChatState.Standing standing) {
    return switch (standing) {
      case MEMBER -> "member";
      case ADMINISTRATOR -> "administrator";
      case KICKED -> "kicked";
      case STRANGER, LEFT -> "left";
    };
  }

  private static String status(ChatState chat, User user) {
    boolean inside = chat.isPrivate() || chat.members().contains(user.id());
    return inside ? "member" : "left";
  }
}
