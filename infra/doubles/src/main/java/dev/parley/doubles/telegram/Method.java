package dev.parley.doubles.telegram;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What a bot may call.
public enum Method {
  GET_ME("getMe", Cost.FREE),
  LOG_OUT("logOut", Cost.FREE),
  CLOSE("close", Cost.FREE),
  GET_UPDATES("getUpdates", Cost.FREE),
  SET_WEBHOOK("setWebhook", Cost.FREE),
  DELETE_WEBHOOK("deleteWebhook", Cost.FREE),
  GET_WEBHOOK_INFO("getWebhookInfo", Cost.FREE),
  SEND_MESSAGE("sendMessage", Cost.MESSAGE),
  SEND_DOCUMENT("sendDocument", Cost.MESSAGE),
  SEND_MESSAGE_DRAFT("sendMessageDraft", Cost.MESSAGE),
  SEND_CHAT_ACTION("sendChatAction", Cost.FREE),
  EDIT_MESSAGE_TEXT("editMessageText", Cost.MESSAGE),
  EDIT_MESSAGE_MEDIA("editMessageMedia", Cost.MESSAGE),
  EDIT_MESSAGE_REPLY_MARKUP("editMessageReplyMarkup", Cost.MESSAGE),
  DELETE_MESSAGE("deleteMessage", Cost.MESSAGE),
  DELETE_MESSAGES("deleteMessages", Cost.MESSAGE),
  ANSWER_CALLBACK_QUERY("answerCallbackQuery", Cost.FREE),
  SET_MY_COMMANDS("setMyCommands", Cost.FREE),
  GET_MY_COMMANDS("getMyCommands", Cost.FREE),
  DELETE_MY_COMMANDS("deleteMyCommands", Cost.FREE),
  GET_FILE("getFile", Cost.FREE),
  GET_CHAT("getChat", Cost.FREE),
  GET_CHAT_MEMBER("getChatMember", Cost.FREE),
  LEAVE_CHAT("leaveChat", Cost.FREE);

  /// Whether a call counts against the flood limits. Telegram publishes none for drafts, and has answered 429 to them:
  /// here they count like messages, so that a bot that keeps this limit keeps the real one too.
  enum Cost {
    FREE,
    MESSAGE
  }

  private static final Map<String, Method> BY_NAME =
      Arrays.stream(values())
          .collect(Collectors.toMap(m -> m.wire.toLowerCase(Locale.ROOT), Function.identity()));

  private final String wire;
  private final Cost cost;

  Method(String wire, Cost cost) {
    this.wire = wire;
    this.cost = cost;
  }

  /// The name as Telegram's documentation writes it.
  public String wire() {
    return wire;
  }

  Cost cost() {
    return cost;
  }

  /// The method of that name, in whatever case: clients differ, Telegram does not care.
  static Optional<Method> named(String name) {
    return Optional.ofNullable(BY_NAME.get(name.toLowerCase(Locale.ROOT)));
  }
}
