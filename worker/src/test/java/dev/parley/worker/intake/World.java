package dev.parley.worker.intake;

import static org.awaitility.Awaitility.await;

import dev.parley.shared.runtime.Metrics;
import dev.parley.shared.testing.FakePromptQueue;
import dev.parley.shared.testing.ShareQueueModel;
import dev.parley.shared.turn.Admission;
import dev.parley.shared.turn.Channels;
import dev.parley.shared.turn.Outcome;
import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.turn.TurnState;
import dev.parley.shared.turn.TurnView;
import dev.parley.shared.turn.ViewReply;
import dev.parley.shared.wire.ChatMessage;
import dev.parley.shared.wire.Lane;
import dev.parley.shared.wire.Prompt;
import dev.parley.shared.wire.ReplyAddress;
import dev.parley.shared.wire.Sampling;
import dev.parley.shared.wire.TurnRequest;
import dev.parley.shared.wire.Wire;
import dev.parley.worker.engine.Engine;
import dev.parley.worker.engine.EngineSettings;
import dev.parley.worker.engine.FakeEngine;
import dev.parley.worker.intake.testing.FakePromptSource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/// A queue, a store and workers in one process, and the gateway's few calls.
final class World implements AutoCloseable {
  static final Duration LONG = Duration.ofSeconds(60);
  static final String GATEWAY = "g1";

  private static final long HOUR_MS = 3_600_000;
  private static final IntakeLimits TIMES =
      new IntakeLimits(1_000, 15_000, 1_000, 5, 300, 20, 1_000, 20, 200, 3);

  /// A worker of this world.
  final class Worker implements AutoCloseable {
    final String id;
    final Intake intake;
    final Engine engine;
    final Metrics metrics = Metrics.create();

    Worker(String id, int slots, int tokensPerSecond) {
      this.id = id;
      Liveness liveness = new Liveness(store.port(), id, World.this::nowMs);
      intake =
          new Intake(
              new Intake.Parts(
                  id,
                  new FakePromptSource(queue),
                  store.port(),
                  liveness,
                  new IntakeMeters(metrics, "fake"),
                  () -> true,
                  World.this::nowMs,
                  problem -> broken.add(problem)),
              new HolderLimits(slots, 4, 1),
              TIMES);
      FakeEngine.Options options =
          FakeEngine.Options.DEFAULT.withSlots(slots).withTokensPerSecond(tokensPerSecond);
      engine = FakeEngine.start(options, EngineSettings.DEFAULT, intake::onStep);
      store.subscribe(Channels.ofWorker(id), intake::onMessage);
      intake.start(engine);
      workers.add(this);
    }

    /// As `kill -9`: nothing is written any more, the record is back in the queue.
    void die() {
      close();
      store.with(fake -> {
        fake.dropLiveness(id);
        return id;
      });
    }

    @Override
    public void close() {
      intake.close();
      engine.close();
      metrics.close();
    }
  }

  final FakePromptQueue queue = new FakePromptQueue(ShareQueueModel.Limits.defaults(), 100);
  final List<Throwable> broken = new CopyOnWriteArrayList<>();
  final TestStore store;
  private final AtomicLong aheadMs = new AtomicLong();
  private final List<Worker> workers = new CopyOnWriteArrayList<>();

  World() {
    store = new TestStore(() -> 1_000_000 + nowMs());
    store.with(fake -> fake.openEpoch());
    // The epoch is old.
    tell(Duration.ofSeconds(10));
  }

  Worker worker(String id, int slots, int tokensPerSecond) {
    return new Worker(id, slots, tokensPerSecond);
  }

  long nowMs() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime()) + aheadMs.get();
  }

  /// The time is told to be so much later.
  void tell(Duration later) {
    aheadMs.addAndGet(later.toMillis());
  }

  /// A prompt for a turn that was admitted.
  Prompt admit(String id, int words) {
    return admit(id, List.of(ChatMessage.user("Please say " + words + " words")));
  }

  private Prompt admit(String id, List<ChatMessage> messages) {
    TurnRef ref = new TurnRef("web:" + id, id);
    TurnRequest request =
        new TurnRequest(
            "tenant",
            "user",
            Lane.INTERACTIVE,
            new ReplyAddress(ReplyAddress.WEB, ""),
            messages,
            false,
            Sampling.greedy(2_000));
    store.with(fake ->
        fake.admit(
            new Admission(
                ref, Wire.encode(request), GATEWAY, HOUR_MS, HOUR_MS, 10, false, Long.MAX_VALUE)));
    TurnView turn = view(ref);
    return new Prompt(
        Prompt.SCHEMA,
        ref,
        request,
        messages,
        GATEWAY,
        turn.admittedMs(),
        turn.deadlineMs(),
        turn.deliverByMs(),
        "",
        "",
        "",
        Map.of());
  }

  /// Puts a prompt into the queue, as dispatch does.
  void produce(Prompt prompt) {
    queue.produce(Lane.INTERACTIVE, prompt.key(), Wire.encodePrompt(prompt));
    store.with(fake -> fake.produced(prompt.ref()));
  }

  Prompt ask(String id, int words) {
    Prompt prompt = admit(id, words);
    produce(prompt);
    return prompt;
  }

  Prompt askNothing(String id) {
    Prompt prompt = admit(id, List.of());
    produce(prompt);
    return prompt;
  }

  static String expected(Prompt prompt) {
    return FakeEngine.expectedText(prompt.messages(), prompt.request().sampling());
  }

  TurnView view(TurnRef ref) {
    return store.with(
        fake -> fake.view(ref, 0) instanceof ViewReply.Found found ? found.turn() : missing(ref));
  }

  private static TurnView missing(TurnRef ref) {
    throw new AssertionError("no turn " + ref);
  }

  TurnView awaitTurn(Prompt prompt, Predicate<? super TurnView> as) {
    return await().atMost(LONG).until(() -> view(prompt.ref()), as);
  }

  TurnView awaitDone(Prompt prompt) {
    return awaitTurn(prompt, turn -> turn.state() == TurnState.DONE);
  }

  /// The owner has the end.
  void got(Prompt prompt) {
    Outcome outcome = store.with(fake -> fake.got(prompt.ref(), GATEWAY));
    if (outcome != Outcome.OK) {
      throw new AssertionError("got: " + outcome);
    }
  }

  void awaitNothingHeld(Worker worker) {
    await().atMost(LONG).until(() -> worker.intake.load().held() == 0);
  }

  /// Whether a record waits in the queue.
  boolean queueHasRecord() throws InterruptedException {
    boolean waiting =
        queue.poll(Lane.INTERACTIVE, "probe", Duration.ofMillis(1), () -> true).isPresent();
    queue.leave(Lane.INTERACTIVE, "probe");
    return waiting;
  }

  /// The sum over all workers.
  double counted(String meter) {
    return workers.stream()
        .mapToDouble(worker -> worker.metrics.registry().get(meter).counter().count())
        .sum();
  }

  @Override
  public void close() {
    workers.forEach(Worker::close);
    if (!broken.isEmpty()) {
      throw new AssertionError("a loop broke", broken.getFirst());
    }
  }
}
