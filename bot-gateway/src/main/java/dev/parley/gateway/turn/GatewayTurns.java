package dev.parley.gateway.turn;

import dev.parley.gateway.admission.AdmissionGate;
import dev.parley.gateway.chat.AnswerView;
import dev.parley.gateway.chat.Exchange;
import dev.parley.gateway.chat.InboundMessage;
import dev.parley.gateway.chat.Submission;
import dev.parley.gateway.chat.Submission.Refusal;
import dev.parley.gateway.chat.Submission.Refused;
import dev.parley.gateway.chat.TurnEvent;
import dev.parley.gateway.chat.TurnListener;
import dev.parley.gateway.chat.Turns;
import dev.parley.shared.turn.Outcome;
import dev.parley.shared.turn.StoreUnavailable;
import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.turn.TurnStore;
import dev.parley.shared.turn.TurnView;
import dev.parley.shared.wire.ChannelMessage;
import dev.parley.shared.wire.WorkerLoad;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// The turn machinery as platforms see it: the machine on its loop for the turns of this gateway, the
/// store for those of others. Thread-safe; its methods block, so call them on virtual threads.
public final class GatewayTurns implements Turns, AutoCloseable {

  /// Longest wait for the loop to answer a question, ms; it answers within a tick.
  private static final long ASK_MS = 10_000;

  private static final Duration RETRY_SOON = Duration.ofSeconds(2);
  private static final Duration RETRY_LATER = Duration.ofSeconds(10);

  private static final Refused UNAVAILABLE =
      new Refused(
          Refusal.UNAVAILABLE,
          "The message could not be taken in right now. Please try again.",
          RETRY_SOON);
  private static final Refused FULL =
      new Refused(
          Refusal.TOO_MANY,
          "Too many messages are waiting in this conversation. Please wait for an answer.",
          RETRY_LATER);

  private static final Refused NOT_NEWEST =
      new Refused(Refusal.NOT_NEWEST, "That works only for the newest message.", Duration.ZERO);

  /// What the gateway's state says about taking messages in at all: empty when it takes them. Asked
  /// on the loop's thread; must not block.
  @FunctionalInterface
  public interface Door {
    Optional<Refused> closed();
  }

  /// How an attempt to submit ended on the loop.
  private sealed interface Begun {
    record Done(Submission submission) implements Begun {}

    /// Known, but not here.
    record Elsewhere(TurnView turn) implements Begun {}

    /// Refused here without asking the store, which may know the message.
    record NotTried(Refused refused) implements Begun {}
  }

  /// A submitted message on its way to the loop and back.
  ///
  /// @param old the turn in whose place it comes
  private record Arrival(
      InboundMessage message,
      Optional<TurnRef> old,
      Follower follower,
      CompletableFuture<Begun> begun) {
    TurnRef ref() {
      return follower.ref();
    }
  }

  private final GatewayLoop loop;
  private final TurnOwner owner;
  private final AdmissionGate gate;
  private final Door door;
  private final GatewayMeters meters;
  private final LongSupplier nanoTime;
  private final StoredTurns stored;
  private final RemoteTurns remote;
  private final long admitMs;
  private final Set<TurnRef> probed = new HashSet<>();

  private GatewayTurns(
      GatewayLoop loop,
      TurnPorts ports,
      TurnStore store,
      AdmissionGate gate,
      Door door,
      GatewayMeters meters,
      LongSupplier nanoTime) {
    this.loop = loop;
    this.owner = new TurnOwner(ports, GatewayTurns::handOver);
    this.gate = gate;
    this.door = door;
    this.meters = meters;
    this.nanoTime = nanoTime;
    this.admitMs = ports.limits().admitMs();
    this.stored = new StoredTurns(store);
    this.remote =
        new RemoteTurns(
            store,
            stored,
            ports.gateway(),
            RemoteTurns.Limits.DEFAULT,
            () -> TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong()),
            follower -> loop.post(() -> comeHere(follower)));
  }

  /// Makes the machine and starts its loop.
  ///
  /// @param ports what the machine is given; its calls come back by `loop`
  /// @param store for reads that no machine makes
  public static GatewayTurns start(
      GatewayLoop loop,
      TurnPorts ports,
      TurnStore store,
      AdmissionGate gate,
      Door door,
      GatewayMeters meters,
      LongSupplier nanoTime) {
    GatewayTurns turns = new GatewayTurns(loop, ports, store, gate, door, meters, nanoTime);
    turns.remote.start();
    loop.start(turns::tick);
    return turns;
  }

  // ---- from platforms

  @Override
  public List<Submission> submit(
      List<InboundMessage> messages, List<? extends TurnListener> listeners) {
    List<Arrival> arrivals = new ArrayList<>();
    for (int i = 0; i < messages.size(); i++) {
      arrivals.add(arrival(messages.get(i), Optional.empty(), listeners.get(i)));
    }
    long startedNanos = nanoTime.getAsLong();
    loop.post(() -> begin(arrivals, startedNanos));
    return arrivals.stream().map(this::submission).toList();
  }

  @Override
  public Submission replace(TurnRef old, InboundMessage successor, TurnListener listener) {
    Arrival arrival = arrival(successor, Optional.of(old), listener);
    long startedNanos = nanoTime.getAsLong();
    loop.post(() -> begin(List.of(arrival), startedNanos));
    return submission(arrival);
  }

  private Arrival arrival(InboundMessage message, Optional<TurnRef> old, TurnListener listener) {
    return new Arrival(message, old, follower(message.ref(), listener), new CompletableFuture<>());
  }

  private Submission submission(Arrival arrival) {
    Follower follower = arrival.follower();
    try {
      return switch (await(arrival.begun(), admitMs + ASK_MS)) {
        case Begun.Done(Submission submission) -> submission;
        case Begun.Elsewhere(TurnView turn) -> existing(turn.ref(), follower).orElse(UNAVAILABLE);
        case Begun.NotTried(Refused refused) ->
            existing(follower.ref(), follower).orElseGet(() -> counted(refused));
      };
    } catch (StoreUnavailable e) {
      follower.close();
      return counted(UNAVAILABLE);
    }
  }

  private Optional<Submission> existing(TurnRef ref, Follower follower) {
    Optional<AnswerView> view = stored.view(ref);
    if (view.isEmpty()) {
      return Optional.empty();
    }
    remote.follow(follower);
    return Optional.of(new Submission.Existing(view.get(), follower));
  }

  private Submission counted(Refused refused) {
    meters.refused(refused.reason());
    return refused;
  }

  @Override
  public Optional<AnswerView> view(TurnRef ref) {
    Optional<AnswerView> here = ask(() -> viewHere(ref));
    return here.isPresent() ? here : stored.view(ref);
  }

  @Override
  public Subscription watch(TurnRef ref, TurnListener listener) {
    Follower follower = follower(ref, listener);
    boolean here = ask(() -> followHere(follower));
    if (!here) {
      remote.follow(follower);
    }
    return follower;
  }

  @Override
  public boolean cancel(TurnRef ref) {
    CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    loop.post(() -> owner.cancel(ref, outcome::complete));
    return switch (await(outcome, ASK_MS)) {
      case OK -> true;
      case LATER, COLD -> throw away("the stop of a turn");
      case ENDED, MISSING, OTHER, NOT_OWNER, EXISTS, LOST -> false;
    };
  }

  @Override
  public List<TurnRef> open(String conversation) {
    return stored.open(conversation);
  }

  @Override
  public Optional<Newest> newest(String conversation) {
    return stored.newest(conversation);
  }

  @Override
  public Optional<List<String>> retract(TurnRef ref) {
    CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    loop.post(() -> owner.retract(ref, outcome::complete));
    return switch (await(outcome, admitMs + ASK_MS)) {
      case OK -> Optional.of(messages(ref));
      case LATER, COLD -> throw away("the taking back of a message");
      case ENDED, MISSING, OTHER, NOT_OWNER, EXISTS, LOST -> Optional.empty();
    };
  }

  @Override
  public List<String> messages(TurnRef ref) {
    // Of a turn that was ours we may know a message more than the store, and of another's one less.
    Set<String> ids = new LinkedHashSet<>(stored.messages(ref));
    ask(() -> owner.view(ref)).map(StoredTurns::messages).ifPresent(ids::addAll);
    return List.copyOf(ids);
  }

  @Override
  public Load load() {
    List<WorkerLoad> workers = stored.workers();
    return new Load(
        open(),
        workers.size(),
        workers.stream().mapToInt(WorkerLoad::slots).sum(),
        workers.stream().mapToInt(WorkerLoad::free).sum());
  }

  @Override
  public void forget(String conversation) {
    stored.forget(conversation);
  }

  @Override
  public List<Exchange> history(String conversation) {
    return stored.history(conversation);
  }

  // ---- from Redis

  /// A message on this gateway's channel.
  public void onMessage(ChannelMessage message) {
    loop.post(() -> owner.onMessage(message));
  }

  /// The channel was away and is back: anything may have been missed.
  public void onResubscribed() {
    meters.resubscribed();
    loop.post(owner::onResubscribed);
  }

  // ---- what others may know

  /// Whether Redis confirmed this gateway's liveness within its lease.
  public boolean live() {
    return meters.live();
  }

  /// Whether an emptied Redis is being filled again.
  public boolean rebuilding() {
    return meters.rebuilding();
  }

  /// Open turns of this gateway.
  public int open() {
    return meters.open();
  }

  /// Lets go of readers; the turns stay in the store for another gateway.
  @Override
  public void close() {
    remote.close();
  }

  // ---- on the loop

  private void tick() {
    owner.tick();
    meters.state(
        new GatewayMeters.State(
            owner.open(), owner.waiting(), gate.size(), owner.lease().live(), owner.rebuilding()));
  }

  private void begin(List<Arrival> arrivals, long startedNanos) {
    List<Arrival> unknown = arrivals.stream().filter(a -> !owner.owns(a.ref())).toList();
    Optional<Refused> refused =
        unknown.isEmpty() ? Optional.empty() : door.closed().or(() -> enter(unknown));
    for (Arrival arrival : arrivals) {
      if (refused.isPresent() && unknown.contains(arrival)) {
        arrival.begun().complete(new Begun.NotTried(refused.get()));
      } else {
        begin(arrival, startedNanos);
      }
    }
  }

  private void begin(Arrival arrival, long startedNanos) {
    Follower follower = arrival.follower();
    Consumer<TurnOwner.Submitted> then =
        result -> arrival.begun().complete(answer(result, follower, startedNanos));
    if (arrival.old().isPresent()) {
      owner.replace(arrival.old().get(), arrival.message(), follower, then);
    } else {
      owner.submit(arrival.message(), follower, false, then);
    }
  }

  private Optional<Refused> enter(List<Arrival> unknown) {
    return gate.enter(
        unknown.stream().map(Arrival::ref).toList(), unknown.getFirst().message().request());
  }

  private Begun answer(TurnOwner.Submitted result, Follower follower, long startedNanos) {
    TurnRef ref = follower.ref();
    if (result instanceof TurnOwner.Submitted.Accepted && probed.add(ref)) {
      owner.watch(ref, new TurnProbe(ref, meters, nanoTime, startedNanos, () -> left(ref)));
    }
    if (!probed.contains(ref)) {
      gate.leave(ref);
    }
    return switch (result) {
      case TurnOwner.Submitted.Accepted(int before) ->
          new Begun.Done(new Submission.Accepted(ref, before, follower));
      case TurnOwner.Submitted.Existing(TurnView turn) -> known(turn, follower);
      case TurnOwner.Submitted.Full() -> new Begun.Done(counted(FULL));
      case TurnOwner.Submitted.NotNewest() -> new Begun.Done(counted(NOT_NEWEST));
      case TurnOwner.Submitted.Unavailable() -> new Begun.Done(counted(UNAVAILABLE));
    };
  }

  private Begun known(TurnView turn, Follower follower) {
    TurnRef ref = turn.ref();
    if (owner.owns(ref)) {
      return new Begun.Done(
          new Submission.Existing(StoredTurns.answer(turn, owner.before(ref)), follower));
    }
    Optional<AnswerView> closed = viewHere(ref);
    if (closed.isEmpty()) {
      return new Begun.Elsewhere(turn);
    }
    tellClosed(closed.get(), follower);
    return new Begun.Done(new Submission.Existing(closed.get(), follower));
  }

  private Optional<AnswerView> viewHere(TurnRef ref) {
    return owner.view(ref).map(turn -> StoredTurns.answer(turn, owner.before(ref)));
  }

  /// Follows a turn that is open or remembered here; false when it is neither.
  private boolean followHere(Follower follower) {
    if (owner.watch(follower.ref(), follower)) {
      return true;
    }
    Optional<AnswerView> closed = viewHere(follower.ref());
    closed.ifPresent(view -> tellClosed(view, follower));
    return closed.isPresent();
  }

  private void tellClosed(AnswerView view, Follower follower) {
    follower.onEvent(new TurnEvent.Restarted(view.text(), owner.closedLogprobs(view.turn())));
    follower.onEvent(
        new TurnEvent.Ended(view.end().orElseThrow(), view.text(), view.usage(), view.sentence()));
  }

  private void comeHere(Follower follower) {
    if (follower.isOpen() && !followHere(follower)) {
      remote.followLater(follower);
    }
  }

  private void left(TurnRef ref) {
    probed.remove(ref);
    gate.leave(ref);
  }

  private static void handOver(List<TurnListener> listeners) {
    for (TurnListener listener : listeners) {
      if (listener instanceof LocalListener local) {
        local.handedOver();
      }
    }
  }

  private Follower follower(TurnRef ref, TurnListener listener) {
    return new Follower(ref, listener, remote::follow, this::forget);
  }

  private void forget(Follower follower) {
    remote.forget(follower);
    loop.post(() -> owner.unwatch(follower.ref(), follower));
  }

  // ---- questions to the loop

  private <R> R ask(Supplier<R> question) {
    CompletableFuture<R> answer = new CompletableFuture<>();
    loop.post(() -> complete(answer::complete, answer, question));
    return await(answer, ASK_MS);
  }

  private static <R> void complete(
      Consumer<R> complete, CompletableFuture<R> answer, Supplier<R> question) {
    try {
      complete.accept(question.get());
    } catch (RuntimeException e) {
      answer.completeExceptionally(e);
    }
  }

  private static <R> R await(CompletableFuture<R> answer, long ms) {
    try {
      return answer.get(ms, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw away("an interrupted question");
    } catch (TimeoutException e) {
      throw new StoreUnavailable("this gateway is too busy", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("a question to the gateway's loop failed", e.getCause());
    }
  }

  private static StoreUnavailable away(String what) {
    return new StoreUnavailable("no answer to " + what, new IllegalStateException("unanswered"));
  }
}
