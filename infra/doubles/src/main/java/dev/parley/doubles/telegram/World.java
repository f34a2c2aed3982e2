package dev.parley.doubles.telegram;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// Everybody and everything that exists on the platform. Not thread-safe.
final class World {
  private static final long FIRST_USER = 501_000_001;
  private static final long FIRST_GROUP = 4_000_000_001L;
  private static final long FIRST_SUPERGROUP = 1_001_900_000_001L;

  private final User bot;
  private final Map<Long, User> users = new LinkedHashMap<>();
  private final Set<Long> deletedUsers = new HashSet<>();
  private final Map<Long, ChatState> chats = new LinkedHashMap<>();
  private final Map<Long, Integer> supergroupMessages = new HashMap<>();
  private final Map<String, ChatState> queries = new HashMap<>();
  private final Files files = new Files();
  private boolean privacy = true;
  private long nextUser = FIRST_USER;
  private long nextGroup = FIRST_GROUP;
  private long nextSupergroup = FIRST_SUPERGROUP;
  private long nextQuery = 7_000_000_000_000_001L;
  private int lastMessage;

  World(User bot) {
    this.bot = bot;
  }

  User bot() {
    return bot;
  }

  /// Whether the bot sees only what concerns it in groups.
  boolean privacy() {
    return privacy;
  }

  void privacy(boolean on) {
    privacy = on;
  }

  Files files() {
    return files;
  }

  User addUser(String firstName, Optional<String> username, Optional<String> language) {
    User user = new User(nextUser++, false, firstName, username, language);
    users.put(user.id(), user);
    return user;
  }

  Optional<User> user(long id) {
    return id == bot.id() ? Optional.of(bot) : Optional.ofNullable(users.get(id));
  }

  void delete(User user) {
    deletedUsers.add(user.id());
  }

  boolean isDeleted(long userId) {
    return deletedUsers.contains(userId);
  }

  /// The private chat of a person with the bot, which exists from the start but may not have begun.
  ChatState privateChat(User user) {
    return chats.computeIfAbsent(
        user.id(),
        id ->
            new ChatState(
                new Chat(id, Chat.Type.PRIVATE, "", false, Optional.of(user)),
                ChatState.Standing.STRANGER));
  }

  ChatState addGroup(Chat.Type type, String title, boolean forum, List<User> members) {
    long id = type == Chat.Type.GROUP ? -nextGroup++ : -nextSupergroup++;
    ChatState state =
        new ChatState(
            new Chat(id, type, title, forum, Optional.empty()), ChatState.Standing.MEMBER);
    members.forEach(member -> state.members().add(member.id()));
    chats.put(id, state);
    return state;
  }

  Optional<ChatState> chat(long id) {
    return Optional.ofNullable(chats.get(id));
  }

  /// A chat that a test or a page names.
  ///
  /// @throws IllegalArgumentException when there is none of that id
  ChatState require(Chat chat) {
    return chat(chat.id()).orElseThrow(() -> new IllegalArgumentException("no chat " + chat.id()));
  }

  Collection<ChatState> chats() {
    return List.copyOf(chats.values());
  }

  /// A new message's id: supergroups count for themselves, where 1 is their creation; all other chats together.
  int nextMessageId(Chat chat) {
    return chat.type() == Chat.Type.SUPERGROUP
        ? supergroupMessages.merge(chat.id(), 2, (last, first) -> last + 1)
        : ++lastMessage;
  }

  /// Keeps a press of a button, which gets a query's id.
  Press press(ChatState chat, User user, Message message, Button button, long now) {
    Press press =
        new Press(Long.toString(nextQuery++), user, message.id(), button, now, Optional.empty());
    chat.put(press);
    queries.put(press.queryId(), chat);
    return press;
  }

  /// The chat in which a button was pressed.
  Optional<ChatState> chatOfQuery(String queryId) {
    return Optional.ofNullable(queries.get(queryId));
  }

  /// Puts a message into a chat.
  Message add(ChatState chat, NewMessage said, long now) {
    Version version =
        new Version(
            now, said.text().text(), said.text().entities(), said.buttons(), said.linkPreview());
    Message message =
        new Message(
            chat.chat(),
            nextMessageId(chat.chat()),
            said.from(),
            said.topic(),
            said.replyTo(),
            said.quote(),
            said.attachment(),
            said.service(),
            List.of(version),
            OptionalLong.empty());
    return chat.put(message);
  }
}
