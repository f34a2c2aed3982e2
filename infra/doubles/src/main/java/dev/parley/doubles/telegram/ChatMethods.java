package dev.parley.doubles.telegram;

import com.fasterxml.jackson.databind.node.ObjectNode;

/// The methods about the bot itself, chats, their members, and files.
final class ChatMethods {
  private final World world;
  private final ChatAccess access;
  private final Membership membership;

  ChatMethods(World world, ChatAccess access, Membership membership) {
    this.world = world;
    this.access = access;
    this.membership = membership;
  }

  Answer getMe() {
    ObjectNode me = ApiJson.user(world.bot());
    me.put("can_join_groups", true);
    me.put("can_read_all_group_messages", !world.privacy());
    me.put("supports_inline_queries", false);
    me.put("supports_guest_queries", false);
    me.put("can_connect_to_business", false);
    me.put("has_main_web_app", false);
    me.put("has_topics_enabled", false);
    me.put("allows_users_to_create_topics", false);
    me.put("can_manage_bots", false);
    return Answer.done(me);
  }

  Answer getChat(Args args) {
    ChatState chat = access.writable(args);
    ObjectNode full = ApiJson.chat(chat.chat());
    full.put("accent_color_id", 0);
    full.put("max_reaction_count", 11);
    ObjectNode gifts = full.putObject("accepted_gift_types");
    gifts.put("unlimited_gifts", false);
    gifts.put("limited_gifts", false);
    gifts.put("unique_gifts", false);
    gifts.put("premium_subscription", false);
    gifts.put("gifts_from_channels", false);
    return Answer.done(full);
  }

  Answer getChatMember(Args args) {
    ChatState chat = access.writable(args);
    User user =
        world
            .user(args.number("user_id", 0))
            .orElseThrow(() -> ApiException.badRequest("invalid user_id specified"));
    return Answer.done(membership.member(chat, user));
  }

  Answer leaveChat(Args args, long now) {
    ChatState chat = access.writable(args);
    if (chat.isPrivate()) {
      throw ApiException.badRequest("chat member status can't be changed in private chats");
    }
    membership.botBecomes(ChatState.Standing.LEFT, chat, world.bot(), now);
    return Answer.yes();
  }

  Answer getFile(Args args) {
    if (!args.has("file_id")) {
      throw ApiException.badRequest("file_id not specified");
    }
    Files.Stored file =
        world
            .files()
            .byId(args.text("file_id"))
            .orElseThrow(() -> ApiException.badRequest("invalid file_id"));
    if (file.bytes().length > Files.MAX_DOWNLOAD) {
      throw ApiException.badRequest("file is too big");
    }
    ObjectNode json = ApiJson.NODES.objectNode();
    json.put("file_id", file.attachment().fileId());
    json.put("file_unique_id", ApiJson.uniqueId(file.attachment()));
    json.put("file_size", file.bytes().length);
    json.put("file_path", file.path());
    return Answer.done(json);
  }
}
