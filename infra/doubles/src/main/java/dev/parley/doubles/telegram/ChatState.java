package dev.parley.doubles.telegram;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/// One chat: who is in it, what was said. Not thread-safe.
final class ChatState {

  /// What the bot is in this chat.
  enum Standing {
    /// The person has never written to it.
    STRANGER,
    MEMBER,
    ADMINISTRATOR,
    LEFT,
    /// Thrown out of a group, or blocked in a private chat.
    KICKED
  }

  private final Chat chat;
  private final Set<Long> members = new HashSet<>();
  private final Map<Integer, Topic> topics = new HashMap<>();
  private final TreeMap<Integer, Message> messages = new TreeMap<>();
  private final Map<Long, Draft> drafts = new LinkedHashMap<>();
  private final List<ChatAction> actions = new ArrayList<>();
  private final Map<String, Press> presses = new LinkedHashMap<>();
  private Standing bot;
  private OptionalLong migratedTo = OptionalLong.empty();

  ChatState(Chat chat, Standing bot) {
    this.chat = chat;
    this.bot = bot;
  }

  Chat chat() {
    return chat;
  }

  boolean isPrivate() {
    return chat.type() == Chat.Type.PRIVATE;
  }

  Standing bot() {
    return bot;
  }

  void bot(Standing standing) {
    bot = standing;
  }

  /// People, without the bot.
  Set<Long> members() {
    return members;
  }

  OptionalLong migratedTo() {
    return migratedTo;
  }

  void migratedTo(long chatId) {
    migratedTo = OptionalLong.of(chatId);
  }

  void add(Topic topic) {
    topics.put(topic.id(), topic);
  }

  boolean hasTopic(int id) {
    return topics.containsKey(id);
  }

  /// Keeps a message, in place of its earlier state.
  Message put(Message message) {
    messages.put(message.id(), message);
    return message;
  }

  /// The message of that id that is not deleted.
  Optional<Message> message(int id) {
    return Optional.ofNullable(messages.get(id)).filter(m -> !m.deleted());
  }

  OptionalInt lastMessageId() {
    return messages.isEmpty() ? OptionalInt.empty() : OptionalInt.of(messages.lastKey());
  }

  /// Keeps a draft, which is the last one then.
  void put(Draft draft) {
    drafts.remove(draft.id());
    drafts.put(draft.id(), draft);
  }

  Optional<Draft> draft(long id) {
    return Optional.ofNullable(drafts.get(id));
  }

  /// The draft that is seen, the last one of several.
  Optional<Draft> visibleDraft(long now) {
    return drafts.values().stream().filter(d -> d.visible(now)).reduce((first, last) -> last);
  }

  /// A message of the bot takes the place of what it previewed.
  void endDrafts(long now) {
    drafts.replaceAll((id, draft) -> draft.open() ? draft.ended(now) : draft);
  }

  void add(ChatAction action) {
    actions.add(action);
  }

  void put(Press press) {
    presses.put(press.queryId(), press);
  }

  Optional<Press> press(String queryId) {
    return Optional.ofNullable(presses.get(queryId));
  }

  Transcript transcript() {
    return new Transcript(
        chat,
        List.copyOf(messages.values()),
        List.copyOf(drafts.values()),
        actions,
        List.copyOf(presses.values()));
  }
}
