package dev.parley.doubles.telegram;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// The methods that send, change and delete messages.
final class MessageMethods {
  private static final int MAX_RAW_BYTES = 32_768;
  private static final long DELETABLE_MS = 48L * 3_600_000;
  private static final int MAX_DELETED = 100;

  private final World world;
  private final ApiJson json;
  private final ChatAccess access;
  private final Uploads uploads;

  MessageMethods(World world, ApiJson json, ChatAccess access) {
    this.world = world;
    this.json = json;
    this.access = access;
    this.uploads = new Uploads(world.files());
  }

  Answer sendMessage(Args args, long now) {
    FormattedText text = text(args);
    List<List<Button>> buttons = InlineKeyboard.read(args);
    ChatState chat = access.writable(args);
    limit(text, FormattedText.MAX_TEXT, "message is too long");
    NewMessage said = NewMessage.text(world.bot(), text).shown(buttons, linkPreview(args));
    return sent(chat, said, args, now);
  }

  Answer sendDocument(Args args, long now) {
    String rawCaption = args.text("caption");
    FormattedText caption =
        FormattedText.of(rawCaption, InputEntities.read(args, "caption_entities", rawCaption));
    List<List<Button>> buttons = InlineKeyboard.read(args);
    ChatState chat = access.writable(args);
    limit(caption, FormattedText.MAX_CAPTION, "message caption is too long");
    NewMessage said =
        NewMessage.text(world.bot(), caption).attached(uploads.document(args)).shown(buttons, true);
    return sent(chat, said, args, now);
  }

  Answer editMessageText(Args args, long now) {
    FormattedText text = text(args);
    List<List<Button>> buttons = InlineKeyboard.read(args);
    ChatState chat = access.writable(args);
    Message message = editable(chat, args);
    if (message.attachment().isPresent()) {
      throw ApiException.badRequest("there is no text in the message to edit");
    }
    // Telegram's server words this one in its own way, unlike for a new message.
    limit(text, FormattedText.MAX_TEXT, "MESSAGE_TOO_LONG");
    return edited(
        chat, message, new Version(now, text.text(), text.entities(), buttons, linkPreview(args)));
  }

  /// Puts another document in the place of one.
  Answer editMessageMedia(Args args, long now) {
    List<List<Button>> buttons = InlineKeyboard.read(args);
    Args media = Uploads.media(args);
    String rawCaption = media.text("caption");
    FormattedText caption =
        FormattedText.of(rawCaption, InputEntities.read(media, "caption_entities", rawCaption));
    ChatState chat = access.writable(args);
    Message message = editable(chat, args);
    if (message.attachment().isEmpty()) {
      throw ApiException.badRequest("there is no media in the message to edit");
    }
    limit(caption, FormattedText.MAX_CAPTION, "MEDIA_CAPTION_TOO_LONG");
    Attachment file = uploads.inMedia(media, args);
    Version version = new Version(now, caption.text(), caption.entities(), buttons, true);
    return message.attachment().equals(Optional.of(file))
        ? edited(chat, message, version)
        : Answer.done(json.message(chat.put(message.carrying(file).changed(version))));
  }

  Answer editMessageReplyMarkup(Args args, long now) {
    List<List<Button>> buttons = InlineKeyboard.read(args);
    ChatState chat = access.writable(args);
    Message message = editable(chat, args);
    return edited(chat, message, message.latest().withButtons(now, buttons));
  }

  Answer deleteMessage(Args args, long now) {
    if (args.id("message_id") == 0) {
      throw ApiException.badRequest("message identifier is not specified");
    }
    ChatState chat = access.writable(args);
    Message message =
        chat.message(args.id("message_id"))
            .orElseThrow(() -> ApiException.badRequest("message to delete not found"));
    refusal(chat, message, now)
        .ifPresent(reason -> {
          throw ApiException.badRequest(reason);
        });
    chat.put(message.deletedAt(now));
    return Answer.yes();
  }

  /// Deletes those that are there and may be deleted, and says nothing of the others.
  Answer deleteMessages(Args args, long now) {
    List<Integer> ids = new ArrayList<>();
    args.json("message_ids", "message identifiers")
        .ifPresent(list -> list.forEach(id -> ids.add(id.asInt())));
    if (ids.isEmpty()) {
      throw ApiException.badRequest("message identifiers are not specified");
    }
    if (ids.size() > MAX_DELETED) {
      throw ApiException.badRequest("too many message identifiers specified");
    }
    ChatState chat = access.writable(args);
    for (int id : ids) {
      chat.message(id)
          .filter(message -> refusal(chat, message, now).isEmpty())
          .ifPresent(message -> chat.put(message.deletedAt(now)));
    }
    return Answer.yes();
  }

  private static FormattedText text(Args args) {
    String raw = args.text("text");
    if (raw.isEmpty()) {
      throw ApiException.badRequest("message text is empty");
    }
    if (raw.getBytes(StandardCharsets.UTF_8).length > MAX_RAW_BYTES) {
      throw ApiException.badRequest("text is too long");
    }
    FormattedText text = FormattedText.of(raw, InputEntities.read(args, "entities", raw));
    if (text.isEmpty()) {
      throw ApiException.badRequest("text must be non-empty");
    }
    return text;
  }

  private static void limit(FormattedText text, int most, String reason) {
    if (text.text().length() > most) {
      throw ApiException.badRequest(reason);
    }
  }

  private static boolean linkPreview(Args args) {
    boolean disabled =
        args.json("link_preview_options", "link preview options")
            .map(options -> Args.of(options).flag("is_disabled"))
            .orElse(args.flag("disable_web_page_preview"));
    return !disabled;
  }

  private Answer sent(ChatState chat, NewMessage said, Args args, long now) {
    OptionalInt topic = ChatAccess.topic(chat, args);
    ChatAccess.ReplyTo replyTo = ChatAccess.replyTo(chat, topic, args);
    NewMessage placed =
        said.in(topicOf(chat, topic, replyTo)).replyingTo(replyTo.message(), replyTo.quote());
    chat.endDrafts(now);
    return Answer.done(json.message(world.add(chat, placed, now)));
  }

  /// A reply lands in the topic of what it answers.
  private static OptionalInt topicOf(
      ChatState chat, OptionalInt topic, ChatAccess.ReplyTo replyTo) {
    if (topic.isPresent() || replyTo.message().isEmpty()) {
      return topic;
    }
    return chat.message(replyTo.message().getAsInt()).map(Message::topic).orElse(topic);
  }

  private Message editable(ChatState chat, Args args) {
    Message message =
        chat.message(args.id("message_id"))
            .orElseThrow(() -> ApiException.badRequest("message to edit not found"));
    if (message.from().id() != world.bot().id() || message.service().isPresent()) {
      throw ApiException.badRequest("message can't be edited");
    }
    return message;
  }

  private Answer edited(ChatState chat, Message message, Version version) {
    if (version.showsTheSameAs(message.latest())) {
      throw ApiException.badRequest(
          "message is not modified: specified new message content and reply markup are exactly the"
              + " same as a current content and reply markup of the message");
    }
    return Answer.done(json.message(chat.put(message.changed(version))));
  }

  /// Why the bot may not delete it.
  private Optional<String> refusal(ChatState chat, Message message, long now) {
    boolean mayDeleteOthers = chat.isPrivate() || chat.bot() == ChatState.Standing.ADMINISTRATOR;
    if (!message.fromBot() && !mayDeleteOthers) {
      return Optional.of("message can't be deleted");
    }
    return now - message.sentAtMs() > DELETABLE_MS
        ? Optional.of("message can't be deleted for everyone")
        : Optional.empty();
  }
}
