package dev.parley.doubles.telegram;

import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/// The methods that show something for a moment and leave no message: actions, drafts, answers to presses.
final class SignMethods {
  /// How long a press waits for its answer, ms. Telegram does not publish it.
  static final long QUERY_LIFE_MS = 15_000;

  private static final int MAX_NOTICE = 200;
  private static final Set<String> ACTIONS =
      Set.of(
          "typing",
          "upload_photo",
          "record_video",
          "upload_video",
          "record_voice",
          "upload_voice",
          "upload_document",
          "choose_sticker",
          "find_location",
          "record_video_note",
          "upload_video_note");

  private final World world;
  private final ChatAccess access;

  SignMethods(World world, ChatAccess access) {
    this.world = world;
    this.access = access;
  }

  Answer sendChatAction(Args args, long now) {
    String action = args.text("action");
    if (!ACTIONS.contains(action)) {
      throw ApiException.badRequest("wrong parameter action in request");
    }
    ChatState chat = access.writable(args);
    chat.add(new ChatAction(now, action, ChatAccess.topic(chat, args)));
    return Answer.yes();
  }

  Answer sendMessageDraft(Args args, long now) {
    String raw = args.text("text");
    FormattedText text = FormattedText.of(raw, InputEntities.read(args, "entities", raw));
    ChatState chat = access.writable(args);
    if (!chat.isPrivate()) {
      throw ApiException.badRequest("TEXTDRAFT_PEER_INVALID");
    }
    long id = args.number("draft_id", 0);
    if (id == 0) {
      throw ApiException.badRequest("draft_id must be non-zero");
    }
    if (text.text().length() > FormattedText.MAX_TEXT) {
      throw ApiException.badRequest("MESSAGE_TOO_LONG");
    }
    OptionalInt topic = ChatAccess.topic(chat, args);
    Version version = new Version(now, text.text(), text.entities(), List.of(), true);
    boolean canStop = args.flag("can_stop");
    chat.put(
        chat.draft(id)
            .map(draft -> draft.changed(topic, version, canStop))
            .orElseGet(
                () -> new Draft(id, topic, List.of(version), canStop, OptionalLong.empty())));
    return Answer.yes();
  }

  Answer answerCallbackQuery(Args args, long now) {
    String id = args.text("callback_query_id");
    String text = args.text("text");
    if (text.length() > MAX_NOTICE) {
      throw ApiException.badRequest("MESSAGE_TOO_LONG");
    }
    ChatState chat = world.chatOfQuery(id).orElseThrow(SignMethods::tooOld);
    Press press =
        chat.press(id)
            .filter(p -> p.answer().isEmpty() && now - p.atMs() <= QUERY_LIFE_MS)
            .orElseThrow(SignMethods::tooOld);
    chat.put(press.answered(new Press.Answered(now, text, args.flag("show_alert"))));
    return Answer.yes();
  }

  private static ApiException tooOld() {
    return ApiException.badRequest(
        "query is too old and response timeout expired or query ID is invalid");
  }
}
