package dev.parley.gateway.telegram;

import dev.parley.shared.runtime.Threads;
import dev.parley.shared.turn.StoreUnavailable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.telegram.telegrambots.meta.api.objects.CallbackQuery;
import org.telegram.telegrambots.meta.api.objects.Document;
import org.telegram.telegrambots.meta.api.objects.Update;
import org.telegram.telegrambots.meta.api.objects.User;
import org.telegram.telegrambots.meta.api.objects.chatmember.ChatMemberUpdated;
import org.telegram.telegrambots.meta.api.objects.message.MaybeInaccessibleMessage;
import org.telegram.telegrambots.meta.api.objects.message.Message;

/// Takes updates in: a message becomes a turn or is answered at once, a button does what it says. An update is
/// taken when it need not come again; one that cannot be taken now, because Redis does not answer, is left to
/// Telegram. Thread-safe; its methods block.
final class TelegramInbox implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TelegramInbox.class);

  /// Kinds of updates that are wanted.
  static final List<String> KINDS =
      List.of(
          "message",
          "edited_message",
          "callback_query",
          "my_chat_member",
          "stopped_message_generation");

  private final BotIdentity bot;
  private final Questions questions;
  private final BotCommands commands;
  private final Buttons buttons;
  private final SettingsMenu menu;
  private final BotVoice voice;
  private final Documents documents;
  private final Door door;
  private final KnownChats chats;
  private final MovedChats moved;
  private final TelegramMeters meters;
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Threads.virtual("telegram-chat"));

  TelegramInbox(
      BotIdentity bot,
      Questions questions,
      BotCommands commands,
      Buttons buttons,
      SettingsMenu menu,
      BotVoice voice,
      Documents documents,
      Door door,
      KnownChats chats,
      MovedChats moved,
      TelegramMeters meters) {
    this.bot = bot;
    this.questions = questions;
    this.commands = commands;
    this.buttons = buttons;
    this.menu = menu;
    this.voice = voice;
    this.documents = documents;
    this.door = door;
    this.chats = chats;
    this.moved = moved;
    this.meters = meters;
  }

  /// Takes updates, those of one chat in their order.
  ///
  /// @return those that need not come again
  List<Update> takeAll(List<Update> updates) {
    Map<Long, List<Update>> byChat = new LinkedHashMap<>();
    updates.forEach(u -> byChat.computeIfAbsent(chat(u), c -> new ArrayList<>()).add(u));
    List<Future<List<Update>>> taking =
        byChat.values().stream().map(some -> threads.submit(() -> takeInOrder(some))).toList();
    List<Update> taken = new ArrayList<>();
    for (Future<List<Update>> some : taking) {
      try {
        taken.addAll(some.get());
      } catch (ExecutionException e) {
        LOG.error("updates of a chat could not be handled; they come again", e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    return taken;
  }

  private List<Update> takeInOrder(List<Update> updates) {
    List<Update> taken = new ArrayList<>();
    for (Update update : updates) {
      if (!take(update)) {
        break;
      }
      taken.add(update);
    }
    return taken;
  }

  private static long chat(Update update) {
    if (update.hasMessage()) {
      return update.getMessage().getChatId();
    }
    if (update.hasEditedMessage()) {
      return update.getEditedMessage().getChatId();
    }
    if (update.hasMyChatMember()) {
      return update.getMyChatMember().getChat().getId();
    }
    Optional<BotUpdate.Stopped> stopped = BotUpdate.stopped(update);
    if (stopped.isPresent()) {
      return stopped.get().chat().getId();
    }
    MaybeInaccessibleMessage under =
        update.hasCallbackQuery() ? update.getCallbackQuery().getMessage() : null;
    return under == null ? 0 : under.getChatId();
  }

  /// Takes one update.
  ///
  /// @return whether it need not come again
  boolean take(Update update) {
    try {
      if (update.hasMessage()) {
        return message(update.getMessage());
      }
      if (update.hasEditedMessage()) {
        return edited(update.getEditedMessage());
      }
      if (update.hasMyChatMember()) {
        return membership(update.getMyChatMember());
      }
      BotUpdate.stopped(update)
          .ifPresent(s -> questions.stopDraft(s.chat().getId(), s.thread(), s.draftId()));
      return !update.hasCallbackQuery() || pressed(update.getCallbackQuery());
    } catch (StoreUnavailable e) {
      LOG.warn("an update has to come again: {}", e.getMessage());
      return false;
    } catch (RuntimeException e) {
      // A bug; if it came again, it would fail again, and no other update would get through.
      LOG.error("update {} could not be handled and is dropped", update.getUpdateId(), e);
      meters.dropped();
      return true;
    }
  }

  private boolean message(Message message) {
    if (message.getMigrateToChatId() != null) {
      moved.remember(message.getChatId(), message.getMigrateToChatId());
    }
    Optional<Incoming> incoming = Incoming.of(message, bot);
    if (incoming.isEmpty()) {
      return true;
    }
    User user = message.getFrom();
    if (!door.lets(user, message.getChatId())) {
      meters.denied();
      TelegramAddress to = incoming.get().address();
      voice.refuse(to, Words.in(to.language()).say("denied", Long.toString(user.getId())));
      return true;
    }
    String conversation = questions.conversation(incoming.get().address());
    Incoming said = incoming.get().under(menu.of(conversation));
    boolean taken =
        (said.document().isPresent() && BotCommands.wantsText(said))
            ? document(said, said.document().get())
            : act(said);
    if (taken) {
      chats.remember(message.getChatId());
    }
    return taken;
  }

  private boolean document(Incoming said, Document document) {
    return switch (documents.read(document)) {
      case Documents.Read.Text(String text) -> act(said.with(text));
      case Documents.Read.Not(String reason) -> {
        voice.refuse(said.address(), said.words().say(reason));
        yield true;
      }
      case Documents.Read.Later later -> false;
    };
  }

  private boolean act(Incoming said) {
    if (!said.command().isEmpty()) {
      return commands.run(said);
    }
    if (said.other() || said.text().isEmpty()) {
      voice.refuse(said.address(), said.words().say(said.other() ? "unsupported" : "start"));
      return true;
    }
    return questions.ask(said);
  }

  private boolean pressed(CallbackQuery query) {
    MaybeInaccessibleMessage under = query.getMessage();
    long chat = under == null ? 0 : under.getChatId();
    if (!door.lets(query.getFrom(), chat)) {
      meters.denied();
      return true;
    }
    return buttons.press(query);
  }

  private boolean edited(Message message) {
    Optional<Incoming> said =
        Incoming.of(message, bot)
            .filter(i -> i.command().isEmpty() && i.document().isEmpty() && !i.other());
    long at = message.getEditDate() == null ? message.getDate() : message.getEditDate();
    return said.isEmpty() || questions.edited(said.get(), at);
  }

  /// The bot was blocked or removed: nobody can see its answer any more.
  private boolean membership(ChatMemberUpdated change) {
    String now = change.getNewChatMember().getStatus();
    if (now.equals("kicked") || now.equals("left")) {
      questions.stop(change.getChat().getId());
    }
    return true;
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
