package dev.parley.gateway.telegram;

import dev.parley.gateway.chat.InboundMessage;
import dev.parley.gateway.chat.Submission;
import dev.parley.gateway.chat.Turns;
import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.wire.ChatMessage;
import dev.parley.shared.wire.Lane;
import dev.parley.shared.wire.TurnRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/// Puts questions to the model: a user's message, or the wish for another answer to it. Whatever is not taken is
/// told to the user in one sentence. Thread-safe; its methods block.
final class Questions {

  /// Messages of one person that are at most so many whole seconds apart are one question.
  private static final long BURST_S = 1;

  private static final int MOST_OF_A_BURST = 20;

  private final Turns turns;
  private final TelegramSettings settings;
  private final BotIdentity bot;
  private final BotVoice voice;
  private final SettingsMenu menu;
  private final MovedChats moved;

  Questions(
      Turns turns,
      TelegramSettings settings,
      BotIdentity bot,
      BotVoice voice,
      SettingsMenu menu,
      MovedChats moved) {
    this.turns = turns;
    this.settings = settings;
    this.bot = bot;
    this.voice = voice;
    this.menu = menu;
    this.moved = moved;
  }

  /// The conversation of a chat or topic.
  String conversation(TelegramAddress address) {
    return TelegramAddress.conversation(bot.id(), moved.origin(address.chat()), address.thread());
  }

  /// Asks what a user wrote. What the same person wrote just before is asked again together with it, in the
  /// same reply: nobody knows, when the first message of a burst comes, that more will follow, and most are
  /// alone, so the first is not kept waiting.
  ///
  /// @return whether it need not come again
  boolean ask(Incoming said) {
    Optional<Turns.Newest> newest = turns.newest(conversation(said.address()));
    Optional<TelegramAddress> before = newest.flatMap(n -> TelegramAddress.of(n.request().reply()));
    if (before.isPresent() && before.get().questions().contains(said.messageId())) {
      // It was taken already, perhaps as a part of a burst.
      return true;
    }
    if (before.isPresent() && isOneBurst(newest.get(), before.get(), said)) {
      List<ChatMessage> messages = new ArrayList<>(newest.get().request().messages());
      messages.add(ChatMessage.user(said.text()));
      Submission joined =
          replace(newest.get(), id(said), before.get().and(said.address()), messages);
      if (!isNotNewest(joined)) {
        return settle(joined, said.address());
      }
    }
    return askApart(said, id(said));
  }

  private static String id(Incoming said) {
    return id(said.messageId());
  }

  private static String id(int messageId) {
    return "m" + messageId;
  }

  /// Whether two messages of one person came so soon after each other that they are meant together: Telegram
  /// tells whole seconds, so this is one and a half, give or take a half. What is answered already is left alone.
  private static boolean isOneBurst(Turns.Newest newest, TelegramAddress before, Incoming said) {
    long afterS = said.address().askedS() - before.askedS();
    return newest.view().end().isEmpty()
        && !newest.request().offTheRecord()
        && newest.request().user().equals(Long.toString(said.user()))
        && afterS >= 0
        && afterS <= BURST_S
        && before.questions().size() < MOST_OF_A_BURST;
  }

  /// Asks something for itself, whatever was asked before.
  ///
  /// @param id names the question: the same is asked once
  /// @return whether it need not come again
  boolean askApart(Incoming said, String id) {
    return askApart(said, id, false);
  }

  /// Lets the model write what the user might say next. The conversation does not remember it.
  ///
  /// @return whether it need not come again
  boolean draft(Incoming said) {
    return askApart(said, id(said), true);
  }

  private boolean askApart(Incoming said, String id, boolean offTheRecord) {
    if (isTooLong(said)) {
      return true;
    }
    Preferences preferences = menu.of(conversation(said.address()));
    TurnRequest request =
        new TurnRequest(
            "telegram:" + bot.id(),
            Long.toString(said.user()),
            Lane.INTERACTIVE,
            said.address().speaking(preferences.speaking(said.address().language())).toReply(),
            List.of(ChatMessage.user(said.text())),
            true,
            offTheRecord,
            preferences.over(settings.sampling()).withSeed(seed()));
    InboundMessage message = new InboundMessage(conversation(said.address()), id, request);
    return settle(turns.submit(message, event -> {}), said.address());
  }

  /// @return whether it was told to be
  private boolean isTooLong(Incoming said) {
    int length = said.text().length();
    if (length <= settings.messageChars()) {
      return false;
    }
    Words words = Words.in(said.address().language());
    voice.say(said.address(), words.say("too.long", length, settings.messageChars()));
    return true;
  }

  /// An edit of a message: if that is (part of) the newest question, it is answered anew in the same place.
  ///
  /// @param editedS when, seconds since 1970
  /// @return whether it need not come again
  boolean edited(Incoming said, long editedS) {
    Optional<Turns.Newest> newest = turns.newest(conversation(said.address()));
    Optional<TelegramAddress> before = newest.flatMap(n -> TelegramAddress.of(n.request().reply()));
    if (newest.isEmpty() || before.isEmpty()) {
      return true;
    }
    List<ChatMessage> messages = new ArrayList<>(newest.get().request().messages());
    int place = before.get().questions().indexOf(said.messageId());
    ChatMessage now = ChatMessage.user(said.text());
    if (place < 0
        || place >= messages.size()
        || said.text().isEmpty()
        || messages.set(place, now).equals(now)
        || isTooLong(said)) {
      return true;
    }
    Submission anew = replace(newest.get(), id(said) + ".e" + editedS, before.get(), messages);
    return isNotNewest(anew) || settle(anew, said.address());
  }

  /// Asks for another answer to a conversation's newest message, in the place of the one there is.
  ///
  /// @param wish names it: it is fulfilled once
  /// @param from who asks, to be told if it cannot be
  /// @return whether it need not come again
  boolean again(Turns.Newest newest, String wish, TelegramAddress from) {
    return TelegramAddress.of(newest.request().reply())
        .map(address -> replace(newest, wish, address, newest.request().messages()))
        .map(submission -> settle(submission, from))
        .orElse(true);
  }

  private Submission replace(
      Turns.Newest old, String id, TelegramAddress address, List<ChatMessage> messages) {
    TurnRequest request = old.request();
    TurnRequest anew =
        new TurnRequest(
            request.tenant(),
            request.user(),
            request.lane(),
            address.toReply(),
            messages,
            request.useHistory(),
            request.offTheRecord(),
            request.sampling().withSeed(seed()));
    TurnRef ref = old.view().turn();
    return turns.replace(ref, new InboundMessage(ref.conversation(), id, anew), event -> {});
  }

  private static boolean isNotNewest(Submission submission) {
    return submission instanceof Submission.Refused refused
        && refused.reason() == Submission.Refusal.NOT_NEWEST;
  }

  /// Ends what is being answered in a chat that the bot has no part in any more.
  void stop(long chat) {
    turns
        .newest(TelegramAddress.conversation(bot.id(), moved.origin(chat), 0))
        .filter(n -> n.view().end().isEmpty())
        .ifPresent(n -> turns.cancel(n.view().turn()));
  }

  /// Ends the answer that a draft previews: to the conversation's newest question, or to an earlier one that the newest
  /// waits for.
  void stopDraft(long chat, int thread, int draft) {
    String conversation = TelegramAddress.conversation(bot.id(), moved.origin(chat), thread);
    boolean newest =
        turns
            .newest(conversation)
            .filter(n -> isOf(draft, n.request()))
            .map(n -> turns.cancel(n.view().turn()))
            .orElse(false);
    if (!newest) {
      turns.cancel(InboundMessage.refOf(conversation, id(draft)));
    }
  }

  private static boolean isOf(int draft, TurnRequest request) {
    return TelegramAddress.of(request.reply()).map(a -> Drafts.id(a) == draft).orElse(false);
  }

  private static long seed() {
    return ThreadLocalRandom.current().nextLong();
  }

  private boolean settle(Submission submission, TelegramAddress address) {
    return switch (submission) {
      case Submission.Accepted accepted -> {
        // The reply shows itself.
        accepted.subscription().close();
        voice.typing(address);
        yield true;
      }
      case Submission.Existing existing -> {
        existing.subscription().close();
        yield true;
      }
      case Submission.Refused refused -> refused(refused, address);
    };
  }

  private boolean refused(Submission.Refused refused, TelegramAddress address) {
    Words words = Words.in(address.language());
    switch (refused.reason()) {
      case UNAVAILABLE -> {
        return false;
      }
      case TOO_MANY -> voice.say(address, words.say("too.many"));
      case NOT_NEWEST -> voice.say(address, words.say("newest.only"));
      case INVALID -> voice.say(address, refused.sentence());
    }
    return true;
  }
}
