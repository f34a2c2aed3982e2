package dev.parley.gateway.telegram;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.telegram.telegrambots.meta.api.objects.CallbackQuery;
import org.telegram.telegrambots.meta.api.objects.Document;
import org.telegram.telegrambots.meta.api.objects.MessageEntity;
import org.telegram.telegrambots.meta.api.objects.User;
import org.telegram.telegrambots.meta.api.objects.message.Message;

/// A message that concerns the bot: in a private chat every one, in a group one that mentions it, replies to it,
/// or is a command that is not another bot's.
///
/// @param username without the `@`, if there is one
/// @param command without slash and bot name, lower case; empty for an ordinary message
/// @param text what was said, without the mention; of a command, what follows it
/// @param replied the message that this one replies to
/// @param document what is attached as a file, here or to the message that is replied to
/// @param other whether something is attached that is neither text nor a file
/// @param preferences how its chat wants to be answered
record Incoming(
    long user,
    @Nullable String username,
    int messageId,
    TelegramAddress address,
    String command,
    String text,
    Optional<Replied> replied,
    Optional<Document> document,
    boolean other,
    Preferences preferences) {

  /// A message that is replied to.
  ///
  /// @param user who wrote it
  /// @param text of it, or the part that was chosen
  /// @param known whether the conversation has it already: a whole message of the bot
  record Replied(long user, String text, boolean known) {}

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
            message.getFrom().getUserName(),
            message.getMessageId(),
            address(message),
            command.map(Incoming::name).orElse(""),
            (mentioned ? without(said, "@" + bot.name()) : said).strip(),
            replied(message, bot),
            document(message, bot),
            !message.hasText() && !message.hasDocument(),
            Preferences.NONE));
  }

  /// What pressing a button stands for: a message of whoever pressed it, in the place of the one with the button.
  static Incoming of(CallbackQuery query, Message under) {
    User user = query.getFrom();
    return new Incoming(
        user.getId(),
        user.getUserName(),
        under.getMessageId(),
        address(under).speaking(Words.closest(user.getLanguageCode())),
        "",
        "",
        Optional.empty(),
        Optional.empty(),
        false,
        Preferences.NONE);
  }

  /// The same in a chat that wants to be answered so.
  Incoming under(Preferences wanted) {
    return new Incoming(
        user,
        username,
        messageId,
        address.speaking(wanted.speaking(address.language())),
        command,
        text,
        replied,
        document,
        other,
        wanted);
  }

  /// The words in which it is answered.
  Words words() {
    return Words.in(address.language());
  }

  /// What the model is asked: what was said, and what it was said to, where the conversation does not have that.
  String question() {
    String quoted =
        replied.filter(r -> !r.known()).map(Replied::text).orElse("").strip().replace("\n", "\n> ");
    return quoted.isEmpty() ? text : "> " + quoted + "\n\n" + text;
  }

  /// The same from the same person, in other words.
  Incoming asking(String otherText) {
    return new Incoming(
        user,
        username,
        messageId,
        address,
        "",
        otherText,
        Optional.empty(),
        Optional.empty(),
        false,
        preferences);
  }

  /// The same with more text after its own, and without the file that it came from.
  Incoming with(String more) {
    String all = text.isEmpty() ? more : text + "\n\n" + more;
    return new Incoming(
        user,
        username,
        messageId,
        address,
        command,
        all,
        replied,
        Optional.empty(),
        false,
        preferences);
  }

  /// Where the answer to it goes.
  static TelegramAddress address(Message message) {
    return new TelegramAddress(
        message.getChatId(),
        topic(message),
        List.of(message.getMessageId()),
        message.getDate(),
        !message.isUserMessage(),
        Words.closest(message.getFrom() == null ? null : message.getFrom().getLanguageCode()));
  }

  /// The forum topic of a message, 0 for none: a thread id alone may also be that of a chain of replies.
  static int topic(Message message) {
    return message.isTopicMessage() && message.getMessageThreadId() != null
        ? message.getMessageThreadId()
        : 0;
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

  private static boolean repliesTo(Message message, long bot) {
    return repliedTo(message).filter(to -> isFrom(to, bot)).isPresent();
  }

  /// In a topic every message replies, for the SDK, to the one that opened it: that is not meant.
  private static Optional<Message> repliedTo(Message message) {
    return Optional.ofNullable(message.getReplyToMessage())
        .filter(to -> !to.hasForumTopicCreated() && to.getFrom() != null);
  }

  private static boolean isFrom(Message message, long bot) {
    return message.getFrom().getId() == bot;
  }

  private static Optional<Replied> replied(Message message, BotIdentity bot) {
    boolean chosen = message.getQuote() != null && message.getQuote().getIsManual();
    return repliedTo(message)
        .map(to ->
            new Replied(
                to.getFrom().getId(),
                chosen ? message.getQuote().getText() : text(to),
                isFrom(to, bot.id()) && !chosen));
  }

  private static Optional<Document> document(Message message, BotIdentity bot) {
    return message.hasDocument()
        ? Optional.of(message.getDocument())
        : repliedTo(message).filter(to -> !isFrom(to, bot.id())).map(Message::getDocument);
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
