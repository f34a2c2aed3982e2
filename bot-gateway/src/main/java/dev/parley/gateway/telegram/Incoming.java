package dev.parley.gateway.telegram;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.telegram.telegrambots.meta.api.objects.Document;
import org.telegram.telegrambots.meta.api.objects.MessageEntity;
import org.telegram.telegrambots.meta.api.objects.message.Message;

/// A message that concerns the bot: in a private chat every one, in a group one that mentions it, replies to it,
/// or is a command that is not another bot's.
///
/// @param command without slash and bot name, lower case; empty for an ordinary message
/// @param text what was said, without the mention; of a command, what follows it
/// @param document what is attached as a file
/// @param other whether something is attached that is neither text nor a file
record Incoming(
    long user,
    int messageId,
    TelegramAddress address,
    String command,
    String text,
    Optional<Document> document,
    boolean other) {

  private static final String MENTION = "mention";
  private static final String COMMAND = "bot_command";

  /// Empty when the message does not concern the bot.
  static Optional<Incoming> of(Message message, BotIdentity bot) {
    if (message.getFrom() == null || message.getFrom().getIsBot() || isService(message)) {
      return Optional.empty();
    }
    String text = text(message);
    List<MessageEntity> entities = entities(message);
    Optional<String> command = command(text, entities);
    if (command.isPresent() && isAnothers(command.get(), bot)) {
      return Optional.empty();
    }
    boolean mentioned = mentions(text, entities, bot);
    if (!message.isUserMessage()
        && command.isEmpty()
        && !mentioned
        && !repliesTo(message, bot.id())) {
      return Optional.empty();
    }
    String said = command.map(c -> text.substring(c.length())).orElse(text);
    return Optional.of(
        new Incoming(
            message.getFrom().getId(),
            message.getMessageId(),
            address(message),
            command.map(Incoming::name).orElse(""),
            (mentioned ? without(said, "@" + bot.name()) : said).strip(),
            Optional.ofNullable(message.getDocument()),
            !message.hasText() && !message.hasDocument()));
  }

  /// The same from the same person, in other words.
  Incoming asking(String otherText) {
    return new Incoming(user, messageId, address, "", otherText, Optional.empty(), false);
  }

  /// Where the answer to it goes.
  static TelegramAddress address(Message message) {
    return new TelegramAddress(
        message.getChatId(),
        topic(message),
        List.of(message.getMessageId()),
        message.getDate(),
        !message.isUserMessage(),
        Words.closest(language(message)));
  }

  /// The forum topic of a message, 0 for none: a thread id alone may also be that of a chain of replies.
  static int topic(Message message) {
    return message.isTopicMessage() && message.getMessageThreadId() != null
        ? message.getMessageThreadId()
        : 0;
  }

  private static String language(Message message) {
    String code = message.getFrom() == null ? null : message.getFrom().getLanguageCode();
    return code == null ? "" : code;
  }

  private static boolean isService(Message message) {
    return !message.getNewChatMembers().isEmpty()
        || message.getLeftChatMember() != null
        || message.getMigrateToChatId() != null
        || message.getMigrateFromChatId() != null
        || message.getPinnedMessage() != null
        || message.hasForumTopicCreated()
        || message.hasForumTopicClosed()
        || message.hasForumTopicReopened();
  }

  private static String text(Message message) {
    return orEmpty(message.hasText() ? message.getText() : message.getCaption());
  }

  private static List<MessageEntity> entities(Message message) {
    List<MessageEntity> found =
        message.hasText() ? message.getEntities() : message.getCaptionEntities();
    return found == null ? List.of() : found;
  }

  /// The command at the very beginning, as it was written.
  private static Optional<String> command(String text, List<MessageEntity> entities) {
    return entities.stream()
        .filter(e -> e.getType().equals(COMMAND) && e.getOffset() == 0)
        .map(e -> covered(text, e))
        .findFirst();
  }

  private static boolean isAnothers(String command, BotIdentity bot) {
    int at = command.indexOf('@');
    return at >= 0 && !command.substring(at + 1).equalsIgnoreCase(bot.name());
  }

  private static String name(String command) {
    int at = command.indexOf('@');
    return command.substring(1, at < 0 ? command.length() : at).toLowerCase(Locale.ROOT);
  }

  private static boolean mentions(String text, List<MessageEntity> entities, BotIdentity bot) {
    return entities.stream()
        .filter(e -> e.getType().equals(MENTION))
        .anyMatch(e -> covered(text, e).equalsIgnoreCase("@" + bot.name()));
  }

  private static String covered(String text, MessageEntity entity) {
    int from = Math.min(entity.getOffset(), text.length());
    return text.substring(from, Math.min(from + entity.getLength(), text.length()));
  }

  /// In a topic every message replies, for the SDK, to the one that opened it: that one is no message of ours.
  private static boolean repliesTo(Message message, long bot) {
    Message to = message.getReplyToMessage();
    return to != null
        && to.getFrom() != null
        && to.getFrom().getId() == bot
        && !to.hasForumTopicCreated();
  }

  private static String without(String text, String mention) {
    int at = text.toLowerCase(Locale.ROOT).indexOf(mention.toLowerCase(Locale.ROOT));
    return at < 0
        ? text
        : text.substring(0, at).stripTrailing()
            + " "
            + text.substring(at + mention.length()).strip();
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
