package dev.parley.worker.intake;

import dev.parley.shared.runtime.BlockingStoreCaller;
import dev.parley.shared.turn.StoreCaller;
import dev.parley.shared.turn.TurnStore;
import dev.parley.shared.wire.ChannelMessage;
import dev.parley.shared.wire.Lane;
import dev.parley.shared.wire.Prompt;
import dev.parley.shared.wire.WireException;
import dev.parley.shared.wire.WorkerLoad;
import dev.parley.worker.engine.Engine;
import dev.parley.worker.engine.EngineOutput;
import dev.parley.worker.publish.Publisher;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes prompts and sees each to its end: one loop thread owns every [HeldPrompt]; the threads
/// around it only carry calls and replies.
///
/// ```
/// holder threads --record--> +--------+ --generate--> engine --a task a step--+
///   (poll, renew, accept)    |  loop  | <-------------------------------------+
/// liveness thread --peers--> |        | --appends---> publisher --a task a round trip--> loop
/// control channel --cancel-> +--------+ --scripts---> store threads --a task a reply--> loop
/// ```
public final class Intake implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Intake.class);

  /// A worker whose liveness is older takes no new prompts, ms: it could not claim them.
  private static final long TAKE_WITHIN_MS = 2 * TurnStore.WORKER_LEASE_MS;

  /// How long a hand-over and the last acknowledgements may take.
  private static final Duration HAND_OVER = Duration.ofSeconds(5);

  private static final Duration CLOSE_HOLDERS = Duration.ofSeconds(2);

  /// What an intake works with.
  ///
  /// @param worker random id of this process
  /// @param mayTake whether prompts may be polled for: the queue was found in order
  /// @param broken is told what ended the loop; the process should end
  public record Parts(
      String worker,
      PromptSource source,
      TurnStore store,
      Liveness liveness,
      IntakeMeters meters,
      BooleanSupplier mayTake,
      LongSupplier nowMs,
      Consumer<Throwable> broken) {}

  private final Parts parts;
  private final HolderLimits holderLimits;
  private final IntakeLimits limits;
  private final IntakeLoop loop;
  private final BlockingStoreCaller store;
  private final Publisher publisher;
  private final CountDownLatch idleClosed = new CountDownLatch(1);
  private final CountDownLatch drained = new CountDownLatch(1);
  private final AtomicBoolean closed = new AtomicBoolean();

  // Set by start, before any thread runs.
  private @Nullable EngineSide engine;
  private String fingerprint = "";

  // Owned by the loop's thread.
  private final Map<String, Held> held = new LinkedHashMap<>();
  private final Holders holders;
  private HolderPlan plan = HolderPlan.NONE;
  private boolean peersFree;
  private boolean peers;
  private boolean draining;

  private volatile WorkerLoad load;
  private volatile List<String> atWork = List.of();

  public Intake(Parts parts, HolderLimits holderLimits, IntakeLimits limits) {
    this.parts = parts;
    this.holderLimits = holderLimits;
    this.limits = limits;
    this.load = WorkerLoad.of(holderLimits.slots(), false, 0, 0);
    this.loop = new IntakeLoop(parts.nowMs(), this::act, this::onBroken);
    this.store =
        new BlockingStoreCaller(
            parts.store(),
            loop::post,
            BlockingStoreCaller.Limits.DEFAULT,
            BlockingStoreCaller.Observer.NONE);
    this.holders = new Holders(parts.worker(), parts.source(), new FromHolders());
    this.publisher = new Publisher(parts.store(), loop::post, parts.meters()::appended);
  }

  /// Takes the outputs of a step of the engine that [#start] is given; on the engine's thread.
  public void onStep(List<EngineOutput> outputs) {
    long now = System.nanoTime();
    loop.post(() -> outputs.forEach(output -> onOutput(output, now)));
  }

  /// What is published on this worker's channel.
  public void onMessage(ChannelMessage message) {
    switch (message) {
      case ChannelMessage.Cancel cancel -> loop.post(() -> onCancel(cancel));
      case ChannelMessage.Deltas other -> LOG.debug("not for a worker: {}", other.ref());
      case ChannelMessage.Ended other -> LOG.debug("not for a worker: {}", other.ref());
      case ChannelMessage.Ready other -> LOG.debug("not for a worker: {}", other.ref());
    }
  }

  /// Begins to take prompts as soon as it may.
  public void start(Engine running) {
    fingerprint = running.info().fingerprint();
    engine = new EngineSide(running, loop::post, refused -> onOutput(refused, System.nanoTime()));
    holders.open(Lane.INTERACTIVE, holderLimits.interactiveHolders());
    holders.open(Lane.BATCH, holderLimits.batch());
    parts.meters().watch(this::load, running);
    loop.start();
    parts.liveness().start(this::load, () -> atWork, seen -> loop.post(() -> onPeers(seen)));
  }

  /// How busy this worker is.
  public WorkerLoad load() {
    return load;
  }

  /// Stops taking prompts, lets what runs go on for `grace`, gives the rest to other workers. The
  /// records stay renewed and the worker alive until [#close].
  public void drain(Duration grace) throws InterruptedException {
    loop.post(this::beginDrain);
    // Only then, or a holder of this worker would take what another one gives back.
    if (!idleClosed.await(CLOSE_HOLDERS.toMillis(), TimeUnit.MILLISECONDS)) {
      LOG.warn("not every idle holder has closed");
    }
    loop.post(this::handOverUnbegun);
    if (!drained.await(grace.toMillis(), TimeUnit.MILLISECONDS)) {
      loop.post(() -> handOver(List.copyOf(held.values())));
      if (!drained.await(HAND_OVER.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("{} prompts could not be handed over; others take them", load.held());
      }
    }
  }

  /// Stops all threads; what is still held goes back to the queue.
  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    CountDownLatch done = new CountDownLatch(1);
    loop.post(() -> closeHolders(done));
    try {
      if (!done.await(CLOSE_HOLDERS.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("not every holder closed in time; the broker takes back what they held");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    parts.liveness().close();
    publisher.close();
    store.close();
    loop.close();
    if (engine != null) {
      engine.close();
    }
  }

  // ---- for the held prompts, on the loop's thread

  String worker() {
    return parts.worker();
  }

  IntakeLimits limits() {
    return limits;
  }

  IntakeMeters meters() {
    return parts.meters();
  }

  StoreCaller store() {
    return store;
  }

  Publisher publisher() {
    return publisher;
  }

  EngineSide engine() {
    return Objects.requireNonNull(engine, "not started");
  }

  /// Whether no prompt but this one is suspected of ending the process.
  boolean noSuspectBeside(Held prompt) {
    return held.values().stream().noneMatch(other -> other != prompt && other.suspect());
  }

  List<String> attemptsAtWork() {
    return held.values().stream().filter(Held::atWork).map(Held::attempt).toList();
  }

  /// Makes all others give way; true when this one is alone.
  boolean isolate(Held suspect) {
    return List.copyOf(held.values()).stream()
        .filter(other -> other != suspect)
        .map(Held::givesWay)
        .reduce(true, Boolean::logicalAnd);
  }

  long livenessAgeMs() {
    return parts.liveness().ageMs();
  }

  long livenessAgeMs(long sinceMs) {
    return parts.liveness().ageMs(sinceMs);
  }

  long nowMs() {
    return parts.nowMs().getAsLong();
  }

  // ---- what arrives, on the loop's thread

  private void onTaken(HolderThread holder, Prompt prompt, HeldRecord record) {
    holders.taken(holder);
    String attempt = UUID.randomUUID().toString();
    Held taken = new Held(this, holder, prompt, record, attempt, fingerprint);
    held.put(attempt, taken);
    atWork = attemptsAtWork();
    if (draining) {
      // It came while this holder was told to close.
      taken.drain();
    } else {
      taken.begin();
    }
  }

  private void onOutput(EngineOutput output, long atNanos) {
    Held prompt = held.get(attemptOf(output.id()));
    if (prompt != null) {
      prompt.output(output, atNanos);
    }
  }

  /// A machine names its requests `attempt#generation`.
  private static String attemptOf(String engineId) {
    int hash = engineId.indexOf('#');
    return hash < 0 ? engineId : engineId.substring(0, hash);
  }

  private void onCancel(ChannelMessage.Cancel cancel) {
    Held prompt = held.get(cancel.attempt());
    if (prompt != null) {
      prompt.cancelled(cancel.attempt());
    }
  }

  private void onPeers(Map<String, WorkerLoad> seen) {
    peers = !seen.isEmpty();
    peersFree = seen.values().stream().anyMatch(peer -> peer.free() > 0);
  }

  private void onRejected(HeldRecord record, AckResult result, WireException why) {
    parts.meters().deadLettered.increment();
    LOG.warn("{} cannot be read ({}): rejected, {}", record, why.getMessage(), result);
  }

  private void onBroken(Throwable problem) {
    LOG.error("the intake is broken; the process must end", problem);
    parts.broken().accept(problem);
  }

  // ---- what is done, on the loop's thread

  private long act() {
    if (!engine().alive()) {
      // Whatever it was given would wait for ever; another worker can do it.
      throw new IllegalStateException("the engine's thread has ended");
    }
    long next = Long.MAX_VALUE;
    int taken = 0;
    for (Held prompt : List.copyOf(held.values())) {
      if (prompt.nextMs() <= nowMs()) {
        prompt.step();
      }
      if (prompt.closed()) {
        release(prompt);
      } else {
        next = Math.min(next, prompt.nextMs());
        taken += prompt.takesSlot() ? 1 : 0;
      }
    }
    atWork = attemptsAtWork();
    publisher.flush();
    boolean taking = !draining && mayTake() && held.values().stream().noneMatch(Held::suspect);
    load = WorkerLoad.of(holderLimits.slots(), taking, taken, held.size());
    if (draining) {
      reportDrained();
    } else {
      plan = taking ? plan(taken) : HolderPlan.NONE;
      holders.match(Lane.INTERACTIVE, plan.interactive());
      holders.match(Lane.BATCH, plan.batch());
    }
    return next;
  }

  private void release(Held prompt) {
    held.remove(prompt.attempt());
    if (draining) {
      holders.retired(prompt.holder());
    } else {
      holders.released(prompt.holder());
    }
  }

  private void reportDrained() {
    if (holders.open() <= held.size()) {
      idleClosed.countDown();
    }
    if (held.isEmpty()) {
      drained.countDown();
    }
  }

  private boolean mayTake() {
    return parts.mayTake().getAsBoolean() && livenessAgeMs() <= TAKE_WITHIN_MS;
  }

  private HolderPlan plan(int taken) {
    int batch = (int) held.values().stream().filter(p -> p.lane() == Lane.BATCH).count();
    return HolderPlan.of(holderLimits, taken, batch, peersFree, plan.extraOn());
  }

  private void beginDrain() {
    LOG.info("draining: {} prompts held", held.size());
    draining = true;
    holders.close();
  }

  /// What has not begun is answered sooner by another worker.
  private void handOverUnbegun() {
    if (peers) {
      handOver(held.values().stream().filter(p -> !p.begun()).toList());
    }
  }

  private static void handOver(List<Held> prompts) {
    prompts.forEach(Held::drain);
  }

  private void closeHolders(CountDownLatch done) {
    draining = true;
    held.values().forEach(prompt -> prompt.holder().abort());
    holders.close();
    holders.tellClosed(done);
  }

  /// What the holders' threads tell goes into the mailbox.
  private final class FromHolders implements HolderThread.Events {
    @Override
    public void taken(HolderThread holder, Prompt prompt, HeldRecord record) {
      loop.post(() -> onTaken(holder, prompt, record));
    }

    @Override
    public void rejected(HeldRecord record, AckResult result, WireException why) {
      loop.post(() -> onRejected(record, result, why));
    }

    @Override
    public void closed(HolderThread holder) {
      loop.post(holders::closed);
    }

    @Override
    public void broken(RuntimeException fault) {
      onBroken(fault);
    }

    @Override
    public void post(Runnable task) {
      loop.post(task);
    }
  }
}
