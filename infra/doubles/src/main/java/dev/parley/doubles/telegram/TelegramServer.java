package dev.parley.doubles.telegram;

import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// The platform: a plain state machine that answers calls and is told the time. Not thread-safe; it has no thread, no
/// clock and no socket.
///
/// A call goes: the fault that waits for it, if any; the flood limits; the method. What went wrong in a method is an
/// [ApiException], and nothing has changed then.
final class TelegramServer {
  private final World world;
  private final Updates updates = new Updates();
  private final Webhook webhook = new Webhook();
  private final Faults faults = new Faults();
  private final CallLog log = new CallLog();
  private final FloodLimits limits;
  private final ApiJson json;
  private final Membership membership;
  private final Commands commands;
  private final MessageMethods messages;
  private final SignMethods signs;
  private final ChatMethods chats;
  private final UpdateMethods updateMethods;

  /// Methods that this server does not know.
  private final Set<Method> unknown = EnumSet.noneOf(Method.class);

  TelegramServer(User bot, FloodRules rules) {
    world = new World(bot);
    limits = new FloodLimits(rules);
    json = new ApiJson(world);
    membership = new Membership(world, updates);
    ChatAccess access = new ChatAccess(world);
    commands = new Commands(access);
    messages = new MessageMethods(world, json, access);
    signs = new SignMethods(world, access);
    chats = new ChatMethods(world, access, membership);
    updateMethods = new UpdateMethods(updates, webhook);
  }

  World world() {
    return world;
  }

  Updates updates() {
    return updates;
  }

  Webhook webhook() {
    return webhook;
  }

  Faults faults() {
    return faults;
  }

  CallLog log() {
    return log;
  }

  FloodLimits limits() {
    return limits;
  }

  Commands commands() {
    return commands;
  }

  Membership membership() {
    return membership;
  }

  ApiJson json() {
    return json;
  }

  /// Whether it knows a method, as one of an older version may not.
  void knows(Method method, boolean known) {
    if (known) {
      unknown.remove(method);
    } else {
      unknown.add(method);
    }
  }

  /// Carries out a call, or does not, as its fault has it.
  Reply handle(ApiCall call, long now) {
    Optional<Fault> fault = faults.take(call);
    if (fault.isEmpty()) {
      return logged(call, answer(call, now), fault, now);
    }
    return switch (fault.get()) {
      case Fault.TooManyRequests many -> {
        if (call.method().cost() != Method.Cost.FREE) {
          limits.close(call.chatId(), many.retryAfterS(), now);
        }
        yield logged(call, Reply.now(Answer.tooManyRequests(many.retryAfterS())), fault, now);
      }
      case Fault.Broken broken ->
          logged(call, new Reply.Raw(broken.status(), broken.body()), fault, now);
      case Fault.Slow slow -> logged(call, delayed(answer(call, now), slow), fault, now);
      case Fault.Reset reset -> {
        lose(call, reset.committed(), fault, now);
        yield new Reply.Reset();
      }
      case Fault.Silence silence -> {
        lose(call, silence.committed(), fault, now);
        yield new Reply.Silence();
      }
    };
  }

  /// A poll that came in found nothing and its time is over.
  Answer end(Poll poll) {
    updates.forget(poll);
    return poll.end();
  }

  private void lose(ApiCall call, boolean committed, Optional<Fault> fault, long now) {
    if (!committed) {
      logged(call, new Reply.Reset(), fault, now);
    } else if (logged(call, answer(call, now), fault, now) instanceof Reply.Waiting waiting) {
      updates.forget(waiting.poll());
    }
  }

  private static Reply delayed(Reply reply, Fault.Slow slow) {
    return reply instanceof Reply.Json known ? new Reply.Json(known.answer(), slow.delay()) : reply;
  }

  private Reply logged(ApiCall call, Reply reply, Optional<Fault> fault, long now) {
    int code =
        switch (reply) {
          case Reply.Json known -> known.answer().code();
          case Reply.Raw raw -> raw.status();
          case Reply.Waiting waiting -> 200;
          case Reply.Reset reset -> 0;
          case Reply.Silence silence -> 0;
        };
    String description =
        reply instanceof Reply.Json(Answer.Failed failed, var delay) ? failed.description() : "";
    log.add(new Call(now, call.method(), call.chatId(), code, description, fault));
    return reply;
  }

  private Reply answer(ApiCall call, long now) {
    if (unknown.contains(call.method())) {
      return Reply.now(Answer.failed(404, "Not Found: method not found"));
    }
    OptionalInt refused =
        world
            .chat(call.chatId())
            .map(chat -> limits.check(call.method(), chat.chat(), now))
            .orElse(OptionalInt.empty());
    if (refused.isPresent()) {
      return Reply.now(Answer.tooManyRequests(refused.getAsInt()));
    }
    try {
      return carryOut(call, now);
    } catch (ApiException e) {
      return Reply.now(e.answer());
    }
  }

  private Reply carryOut(ApiCall call, long now) {
    Args args = call.args();
    return switch (call.method()) {
      case GET_UPDATES -> updateMethods.getUpdates(args);
      case GET_ME -> Reply.now(chats.getMe());
      case LOG_OUT, CLOSE -> Reply.now(Answer.yes());
      case SET_WEBHOOK -> Reply.now(updateMethods.setWebhook(args));
      case DELETE_WEBHOOK -> Reply.now(updateMethods.deleteWebhook(args));
      case GET_WEBHOOK_INFO -> Reply.now(updateMethods.getWebhookInfo());
      case SEND_MESSAGE -> Reply.now(messages.sendMessage(args, now));
      case SEND_DOCUMENT -> Reply.now(messages.sendDocument(args, now));
      case SEND_MESSAGE_DRAFT -> Reply.now(signs.sendMessageDraft(args, now));
      case SEND_CHAT_ACTION -> Reply.now(signs.sendChatAction(args, now));
      case EDIT_MESSAGE_TEXT -> Reply.now(messages.editMessageText(args, now));
      case EDIT_MESSAGE_MEDIA -> Reply.now(messages.editMessageMedia(args, now));
      case EDIT_MESSAGE_REPLY_MARKUP -> Reply.now(messages.editMessageReplyMarkup(args, now));
      case DELETE_MESSAGE -> Reply.now(messages.deleteMessage(args, now));
      case DELETE_MESSAGES -> Reply.now(messages.deleteMessages(args, now));
      case ANSWER_CALLBACK_QUERY -> Reply.now(signs.answerCallbackQuery(args, now));
      case SET_MY_COMMANDS -> Reply.now(commands.set(args));
      case GET_MY_COMMANDS -> Reply.now(commands.get(args));
      case DELETE_MY_COMMANDS -> Reply.now(commands.delete(args));
      case GET_FILE -> Reply.now(chats.getFile(args));
      case GET_CHAT -> Reply.now(chats.getChat(args));
      case GET_CHAT_MEMBER -> Reply.now(chats.getChatMember(args));
      case LEAVE_CHAT -> Reply.now(chats.leaveChat(args, now));
    };
  }
}
