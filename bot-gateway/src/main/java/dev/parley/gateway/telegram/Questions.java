package dev.parley.gateway.telegram;

import dev.parley.gateway.admission.MessageRates;
import dev.parley.gateway.chat.InboundMessage;
import dev.parley.gateway.chat.Submission;
import dev.parley.gateway.chat.TurnEvent;
import dev.parley.gateway.chat.TurnListener;
import dev.parley.gateway.chat.Turns;
import dev.parley.gateway.conversation.Skill;
import dev.parley.shared.runtime.Threads;
import dev.parley.shared.turn.StoreUnavailable;
import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.wire.ChatMessage;
import dev.parley.shared.wire.Lane;
import dev.parley.shared.wire.TurnRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Puts questions to the model: a user's message, or the wish for another answer to it. Whatever is not taken is
/// told to the user in one sentence. Thread-safe; its methods block.
final class Questions {

  /// Messages of one person that are at most so many whole seconds apart are one question.
  private static final long BURST_S = 1;

  private static final int MOST_OF_A_BURST = 20;

  private static final Logger LOG = LoggerFactory.getLogger(Questions.class);

  private final Turns turns;
  private final TelegramSettings settings;
  private final BotIdentity bot;
  private final BotVoice voice;
  private final SkillMenu skills;
  private final MovedChats moved;
  private final MessageRates rates;

  Questions(
      Turns turns,
      TelegramSettings settings,
      BotIdentity bot,
      BotVoice voice,
      SkillMenu skills,
      MovedChats moved,
      MessageRates rates) {
    this.turns = turns;
    this.settings = settings;
    this.bot = bot;
    this.voice = voice;
    this.skills = skills;
    this.moved = moved;
    this.rates = rates;
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
      messages.add(ChatMessage.user(said.question()));
      Change joined =
          new Change(newest.get(), id(said), before.get().and(said.address()), messages);
      Optional<Boolean> taken = replace(joined, said.address());
      if (taken.isPresent()) {
        return taken.get();
      }
    }
    return ask(said, id(said), newest, skills.of(said.preferences()), false);
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

  /// Lets the newest answer, which was cut, go on.
  ///
  /// @param wish names it: it is fulfilled once
  /// @return whether it need not come again
  boolean goOn(Turns.Newest newest, String wish, Incoming said) {
    Incoming more = said.asking(said.words().say("more.prompt"));
    return ask(more, wish, Optional.of(newest), skills.of(said.preferences()), false);
  }

  /// Asks something with a skill.
  ///
  /// @return whether it need not come again
  boolean askAs(Incoming said, Skill skill) {
    return ask(said, id(said), newest(said), Optional.of(skill), false);
  }

  /// Lets the model write what the user might say next. The conversation does not remember it.
  ///
  /// @return whether it need not come again
  boolean draft(Incoming said) {
    return ask(said, id(said), newest(said), Optional.empty(), true);
  }

  private Optional<Turns.Newest> newest(Incoming said) {
    return turns.newest(conversation(said.address()));
  }

  /// Asks something for itself, whatever was asked before.
  ///
  /// @param id names the question: the same is asked once
  private boolean ask(
      Incoming said,
      String id,
      Optional<Turns.Newest> before,
      Optional<Skill> skill,
      boolean offTheRecord) {
    if (isTooLong(said)) {
      return true;
    }
    List<ChatMessage> messages = new ArrayList<>();
    skill.ifPresent(s -> messages.add(ChatMessage.system(s.instructions())));
    messages.add(ChatMessage.user(said.question()));
    TurnRequest request =
        new TurnRequest(
            "telegram:" + bot.id(),
            Long.toString(said.user()),
            Lane.INTERACTIVE,
            said.address().toReply(),
            messages,
            skill.map(Skill::history).orElse(true),
            offTheRecord,
            said.preferences()
                .over(settings.sampling(), skill.map(Skill::preset).orElse(""))
                .withSeed(seed()));
    InboundMessage message = new InboundMessage(conversation(said.address()), id, request);
    return isTooFast(message, said.address())
        || settle(turns.submit(message, onlyUnderTheNewest(before, said)), said.address());
  }

  /// Buttons stand under the newest answer: once that is there, the one before loses its own. Should nobody be there
  /// to take them, who presses one is told that it works for the newest only.
  private TurnListener onlyUnderTheNewest(Optional<Turns.Newest> before, Incoming said) {
    return event -> {
      if (event instanceof TurnEvent.Ended) {
        before.ifPresent(old ->
            Threads.start("telegram-buttons", () -> bare(old.view().turn(), said.address())));
      }
    };
  }

  private void bare(TurnRef old, TelegramAddress address) {
    try {
      SentMessage.lastText(turns.messages(old)).ifPresent(id -> voice.bare(address, id));
    } catch (StoreUnavailable e) {
      LOG.debug("an older answer keeps its buttons", e);
    }
  }

  /// @return whether it was told to be
  private boolean isTooLong(Incoming said) {
    int length = said.question().length();
    int most = settings.limits().messageChars();
    if (length <= most) {
      return false;
    }
    voice.refuse(said.address(), said.words().say("too.long", length, most));
    return true;
  }

  /// Asks the rates, and tells the user when to come back. What was admitted already is not refused.
  ///
  /// @return whether it was refused
  private boolean isTooFast(InboundMessage message, TelegramAddress from) {
    Duration wait = rates.take(message.request().user(), Long.toString(moved.origin(from.chat())));
    if (wait.isZero() || turns.view(message.ref()).isPresent()) {
      return false;
    }
    Words words = Words.in(from.language());
    voice.refuse(from, words.say("too.fast", words.time(wait)));
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
    // Instructions of a skill come before what was said.
    int at = place + messages.size() - before.get().questions().size();
    ChatMessage now = ChatMessage.user(said.question());
    if (place < 0
        || at < 0
        || said.text().isEmpty()
        || messages.set(at, now).equals(now)
        || isTooLong(said)) {
      return true;
    }
    Change change = new Change(newest.get(), id(said) + ".e" + editedS, before.get(), messages);
    return replace(change, said.address()).orElse(true);
  }

  /// Asks for another answer to a conversation's newest message, in the place of the one there is.
  ///
  /// @param wish names it: it is fulfilled once
  /// @param from who asks, to be told if it cannot be
  /// @return whether it need not come again
  boolean again(Turns.Newest newest, String wish, TelegramAddress from) {
    Optional<TelegramAddress> address = TelegramAddress.of(newest.request().reply());
    if (address.isEmpty()) {
      return true;
    }
    Change same = new Change(newest, wish, address.get(), newest.request().messages());
    Optional<Boolean> taken = replace(same, from);
    if (taken.isEmpty()) {
      voice.refuse(from, Words.in(from.language()).say("newest.only"));
    }
    return taken.orElse(true);
  }

  /// What shall stand in the place of a question.
  ///
  /// @param id names the new one
  private record Change(
      Turns.Newest old, String id, TelegramAddress address, List<ChatMessage> messages) {

    InboundMessage message() {
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
      return new InboundMessage(old.view().turn().conversation(), id, anew);
    }
  }

  /// @return whether it need not come again; empty when the old one is not the newest any more
  private Optional<Boolean> replace(Change change, TelegramAddress from) {
    InboundMessage message = change.message();
    TurnRef old = change.old().view().turn();
    if (isTooFast(message, from)) {
      return Optional.of(true);
    }
    Submission anew = turns.replace(old, message, event -> {});
    return isNotNewest(anew) ? Optional.empty() : Optional.of(settle(anew, from));
  }

  private static boolean isNotNewest(Submission submission) {
    return submission instanceof Submission.Refused refused
        && refused.reason() == Submission.Refusal.NOT_NEWEST;
  }

  /// Ends what is being answered in a chat that the bot has no part in any more.
  void stop(long chat) {
    stop(TelegramAddress.conversation(bot.id(), moved.origin(chat), 0));
  }

  /// Ends all that is being answered in a conversation, or waits to be; what waits first, so that it does not begin.
  ///
  /// @return whether there was anything
  boolean stop(String conversation) {
    boolean any = false;
    for (TurnRef turn : turns.open(conversation).reversed()) {
      any |= turns.cancel(turn);
    }
    return any;
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
      case TOO_MANY -> voice.refuse(address, words.say("too.many"));
      case NOT_NEWEST -> voice.refuse(address, words.say("newest.only"));
      case INVALID -> voice.refuse(address, refused.sentence());
    }
    return true;
  }
}
