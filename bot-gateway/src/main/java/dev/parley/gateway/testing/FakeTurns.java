package dev.parley.gateway.testing;

import dev.parley.gateway.chat.AnswerView;
import dev.parley.gateway.chat.Exchange;
import dev.parley.gateway.chat.InboundMessage;
import dev.parley.gateway.chat.Submission;
import dev.parley.gateway.chat.TurnEvent;
import dev.parley.gateway.chat.TurnListener;
import dev.parley.gateway.chat.Turns;
import dev.parley.shared.turn.StoreUnavailable;
import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.turn.TurnState;
import dev.parley.shared.wire.EndReason;
import dev.parley.shared.wire.TokenLogprob;
import dev.parley.shared.wire.Usage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Turns in memory, moved by the test: it says what the model says and how a turn ends. One turn of a
/// conversation at a time; the others wait with their position.
public final class FakeTurns implements Turns {
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<TurnRef, Turn> turns = new LinkedHashMap<>();
  private final Set<TurnRef> forgotten = new HashSet<>();
  private final Set<TurnRef> retracted = new HashSet<>();
  private Submission.@Nullable Refused refusal;
  private int refusedFrom;
  private boolean unavailable;

  private static final class Turn {
    final InboundMessage message;
    final StringBuilder text = new StringBuilder();
    final List<TokenLogprob> logprobs = new ArrayList<>();
    final List<TurnListener> listeners = new ArrayList<>();
    @Nullable EndReason end;
    String sentence = "";
    int pieces;

    Turn(InboundMessage message) {
      this.message = message;
    }

    Usage usage() {
      return new Usage(message.request().messages().size() * 10, pieces);
    }
  }

  // --- what a test does ------------------------------------------------------------------------

  /// From now on every message is refused so.
  public void refuse(Submission.Refused refused) {
    refuseAfter(0, refused);
  }

  /// Every message after the first `count` is refused so.
  public void refuseAfter(int count, Submission.Refused refused) {
    locked(() -> {
      refusal = refused;
      refusedFrom = count;
    });
  }

  /// From now on, or no longer, the store does not answer.
  public void unavailable(boolean value) {
    locked(() -> unavailable = value);
  }

  /// Every message submitted so far, oldest first.
  public List<InboundMessage> messages() {
    lock.lock();
    try {
      return turns.values().stream().map(turn -> turn.message).toList();
    } finally {
      lock.unlock();
    }
  }

  /// Turns that have not ended and whose time has come.
  public List<InboundMessage> open() {
    lock.lock();
    try {
      return turns.values().stream()
          .filter(turn -> turn.end == null && before(turn) == 0)
          .map(turn -> turn.message)
          .toList();
    } finally {
      lock.unlock();
    }
  }

  /// The model says more.
  public void say(TurnRef ref, String added) {
    say(ref, added, List.of());
  }

  /// The model says more, and how probable it was.
  public void say(TurnRef ref, String added, List<TokenLogprob> logprobs) {
    locked(() -> {
      Turn turn = turn(ref);
      if (turn.end == null) {
        int offset = turn.text.length();
        turn.text.append(added);
        turn.logprobs.addAll(logprobs);
        turn.pieces++;
        tell(turn, new TurnEvent.Text(added, offset, logprobs));
      }
    });
  }

  /// The answer starts over with this text.
  public void restart(TurnRef ref, String text) {
    locked(() -> {
      Turn turn = turn(ref);
      turn.text.setLength(0);
      turn.text.append(text);
      turn.logprobs.clear();
      tell(turn, new TurnEvent.Restarted(text));
    });
  }

  /// The turn ends, unless it has.
  public void end(TurnRef ref, EndReason reason) {
    locked(() -> finish(turn(ref), reason));
  }

  /// How the turn ended.
  public Optional<EndReason> ending(TurnRef ref) {
    return view(ref).flatMap(AnswerView::end);
  }

  /// How many listeners follow the turn now.
  public int listeners(TurnRef ref) {
    lock.lock();
    try {
      return turn(ref).listeners.size();
    } finally {
      lock.unlock();
    }
  }

  // --- the port --------------------------------------------------------------------------------

  @Override
  public List<Submission> submit(
      List<InboundMessage> messages, List<? extends TurnListener> listeners) {
    List<Submission> submissions = new ArrayList<>();
    for (int i = 0; i < messages.size(); i++) {
      submissions.add(take(messages.get(i), listeners.get(i)));
    }
    return submissions;
  }

  private Submission take(InboundMessage message, TurnListener listener) {
    lock.lock();
    try {
      Turn known = turns.get(message.ref());
      if (known != null) {
        AnswerView view = viewOf(known);
        return new Submission.Existing(view, follow(known, listener));
      }
      if (refusal != null && turns.size() >= refusedFrom) {
        return refusal;
      }
      Turn turn = new Turn(message);
      turns.put(message.ref(), turn);
      Subscription subscription = follow(turn, listener);
      return new Submission.Accepted(message.ref(), before(turn), subscription);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Optional<AnswerView> view(TurnRef ref) {
    lock.lock();
    try {
      requireAvailable();
      return Optional.ofNullable(turns.get(ref)).map(this::viewOf);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Subscription watch(TurnRef ref, TurnListener listener) {
    lock.lock();
    try {
      requireAvailable();
      Turn turn = turns.get(ref);
      return turn == null ? () -> {} : follow(turn, listener);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean cancel(TurnRef ref) {
    lock.lock();
    try {
      requireAvailable();
      Turn turn = turns.get(ref);
      if (turn == null) {
        return false;
      }
      finish(turn, EndReason.CANCELLED);
      return turn.end == EndReason.CANCELLED;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public List<TurnRef> open(String conversation) {
    lock.lock();
    try {
      requireAvailable();
      return turns.values().stream()
          .filter(turn -> turn.message.conversation().equals(conversation) && turn.end == null)
          .map(turn -> turn.message.ref())
          .toList();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Optional<Newest> newest(String conversation) {
    lock.lock();
    try {
      requireAvailable();
      return turns.values().stream()
          .filter(turn -> turn.message.conversation().equals(conversation))
          .filter(turn -> !retracted.contains(turn.message.ref()))
          .reduce((earlier, later) -> later)
          .map(turn -> new Newest(viewOf(turn), turn.message.request()));
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Submission replace(TurnRef old, InboundMessage successor, TurnListener listener) {
    lock.lock();
    try {
      if (!turns.containsKey(successor.ref())) {
        Optional<Newest> newest = newest(old.conversation());
        if (!newest.map(n -> n.view().turn().equals(old)).orElse(false)) {
          return new Submission.Refused(
              Submission.Refusal.NOT_NEWEST, "not the newest", Duration.ZERO);
        }
        finish(turn(old), EndReason.CANCELLED);
        forgotten.add(old);
      }
      return take(successor, listener);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Optional<List<String>> retract(TurnRef ref) {
    lock.lock();
    try {
      if (!newest(ref.conversation()).map(n -> n.view().turn().equals(ref)).orElse(false)) {
        return Optional.empty();
      }
      finish(turn(ref), EndReason.CANCELLED);
      forgotten.add(ref);
      retracted.add(ref);
      return Optional.of(List.of());
    } finally {
      lock.unlock();
    }
  }

  @Override
  public List<String> messages(TurnRef turn) {
    return List.of();
  }

  @Override
  public Load load() {
    return new Load(open().size(), 1, 1, open().isEmpty() ? 1 : 0);
  }

  @Override
  public void forget(String conversation) {
    locked(() ->
        turns.keySet().stream()
            .filter(ref -> ref.conversation().equals(conversation))
            .forEach(forgotten::add));
  }

  @Override
  public List<Exchange> history(String conversation) {
    lock.lock();
    try {
      requireAvailable();
      return turns.values().stream()
          .filter(turn -> turn.message.conversation().equals(conversation))
          .filter(turn -> !forgotten.contains(turn.message.ref()))
          .flatMap(turn -> exchange(turn).stream())
          .toList();
    } finally {
      lock.unlock();
    }
  }

  private static Optional<Exchange> exchange(Turn turn) {
    return Optional.ofNullable(turn.end)
        .map(end ->
            new Exchange(
                turn.message.ref().turnId(),
                turn.message.request().messages().getLast().content(),
                turn.text.toString(),
                end,
                turn.sentence));
  }

  private Subscription follow(Turn turn, TurnListener listener) {
    listener.onEvent(new TurnEvent.Restarted(turn.text.toString(), turn.logprobs));
    EndReason end = turn.end;
    if (end != null) {
      listener.onEvent(ended(turn, end));
      return () -> {};
    }
    int before = before(turn);
    if (before > 0) {
      listener.onEvent(new TurnEvent.Position(before));
    }
    turn.listeners.add(listener);
    return () -> locked(() -> turn.listeners.remove(listener));
  }

  private void finish(Turn turn, EndReason reason) {
    if (turn.end != null) {
      return;
    }
    turn.end = reason;
    turn.sentence = reason.sentence();
    tell(turn, ended(turn, reason));
    turn.listeners.clear();
    for (Turn other : turns.values()) {
      if (other.end == null && other.message.conversation().equals(turn.message.conversation())) {
        tell(other, new TurnEvent.Position(before(other)));
      }
    }
  }

  private static TurnEvent.Ended ended(Turn turn, EndReason end) {
    return new TurnEvent.Ended(end, turn.text.toString(), turn.usage(), turn.sentence);
  }

  private static void tell(Turn turn, TurnEvent event) {
    List.copyOf(turn.listeners).forEach(listener -> listener.onEvent(event));
  }

  private AnswerView viewOf(Turn turn) {
    int before = before(turn);
    return new AnswerView(
        turn.message.ref(),
        state(turn, before),
        before,
        turn.text.toString(),
        Optional.ofNullable(turn.end),
        turn.usage(),
        turn.sentence);
  }

  private static TurnState state(Turn turn, int before) {
    if (turn.end != null) {
      return TurnState.DELIVERED;
    }
    return before > 0 ? TurnState.WAITING : TurnState.RUNNING;
  }

  private int before(Turn turn) {
    int before = 0;
    for (Turn other : turns.values()) {
      if (other == turn) {
        break;
      }
      if (other.end == null && other.message.conversation().equals(turn.message.conversation())) {
        before++;
      }
    }
    return turn.end == null ? before : 0;
  }

  private Turn turn(TurnRef ref) {
    Turn turn = turns.get(ref);
    if (turn == null) {
      throw new IllegalArgumentException("no such turn: " + ref);
    }
    return turn;
  }

  private void requireAvailable() {
    if (unavailable) {
      throw new StoreUnavailable(
          "the fake store was told not to answer", new IllegalStateException());
    }
  }

  private void locked(Runnable change) {
    lock.lock();
    try {
      change.run();
    } finally {
      lock.unlock();
    }
  }
}
