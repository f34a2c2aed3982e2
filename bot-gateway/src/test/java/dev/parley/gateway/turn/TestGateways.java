package dev.parley.gateway.turn;

import dev.parley.gateway.admission.AdmissionGate;
import dev.parley.gateway.admission.AdmissionLimits;
import dev.parley.gateway.chat.InboundMessage;
import dev.parley.gateway.chat.Submission.Refused;
import dev.parley.gateway.conversation.HistoryLimits;
import dev.parley.gateway.conversation.PromptBuilder;
import dev.parley.gateway.dispatch.ProduceResult;
import dev.parley.gateway.reply.ReplyLimits;
import dev.parley.gateway.reply.ReplyPlatforms;
import dev.parley.shared.runtime.BlockingStoreCaller;
import dev.parley.shared.testing.FakeTurnStore;
import dev.parley.shared.turn.Claim;
import dev.parley.shared.turn.Outcome;
import dev.parley.shared.turn.StoreUnavailable;
import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.turn.TurnStore;
import dev.parley.shared.wire.ChannelMessage;
import dev.parley.shared.wire.ChatMessage;
import dev.parley.shared.wire.Delta;
import dev.parley.shared.wire.EndReason;
import dev.parley.shared.wire.Lane;
import dev.parley.shared.wire.Prompt;
import dev.parley.shared.wire.ReplyAddress;
import dev.parley.shared.wire.Sampling;
import dev.parley.shared.wire.TokenLogprob;
import dev.parley.shared.wire.TurnRequest;
import dev.parley.shared.wire.Usage;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/// Gateways with real threads on one fake store, whose time and moods the test sets, and a queue from
/// which the test takes prompts as a worker does.
public final class TestGateways implements AutoCloseable {

  static final TurnLimits LIMITS =
      new TurnLimits(
          600_000, 900_000, 3, 200, 300, 100, 100, 20, 100, 2_000, 60_000, 600_000, 20_000);

  public final BlockingQueue<Prompt> queue = new LinkedBlockingQueue<>();
  private final ReplyLimits replies;
  private final AtomicLong aheadMs = new AtomicLong();
  private final Object lock = new Object();
  private final Map<String, TestGateway> gateways = new ConcurrentHashMap<>();
  private final List<TestGateway> started = new ArrayList<>();
  private final FakeTurnStore fake = new FakeTurnStore(this::now, this::publish);
  public final TurnStore store = locked(new Mood());

  /// How a gateway's connection to the store is.
  static final class Mood {
    volatile boolean down;

    /// The next call takes effect and its answer is lost.
    volatile boolean loseReply;
  }

  public final class TestGateway {
    final String id;
    final Mood mood = new Mood();
    final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    public final GatewayTurns turns;
    private final GatewayLoop loop = new GatewayLoop();
    private final BlockingStoreCaller caller;
    volatile Optional<Refused> door = Optional.empty();

    TestGateway(
        String id, AdmissionLimits admission, Function<GatewayLoop, ReplyPlatforms> platforms) {
      this.id = id;
      TurnStore mine = locked(mood);
      caller =
          new BlockingStoreCaller(
              mine,
              loop::post,
              new BlockingStoreCaller.Limits(4, Duration.ofMillis(5)),
              new TurnJournal(registry));
      GatewayMeters meters = new GatewayMeters(registry, "test");
      HistoryLimits history = new HistoryLimits(1_000, 100, 3_600_000);
      TurnPorts ports =
          new TurnPorts(
              id,
              caller,
              (prompt, then) -> {
                queue.add(prompt);
                loop.post(() -> then.accept(ProduceResult.PRODUCED));
              },
              platforms.apply(loop),
              new PromptBuilder("", history),
              history,
              LIMITS,
              replies,
              meters,
              TestGateways.this::now);
      turns =
          GatewayTurns.start(
              loop,
              ports,
              mine,
              new AdmissionGate(admission),
              () -> door,
              meters,
              System::nanoTime);
    }

    /// Whether this gateway's calls to the store fail from now on.
    public void storeAway(boolean away) {
      mood.down = away;
    }

    /// What a counter of this gateway shows.
    public double count(String name, String... tags) {
      return registry.counter(name, tags).count();
    }

    /// The names and labels of all that it measures.
    public String meters() {
      return registry.getMetersAsString();
    }

    /// As `kill -9`.
    public void kill() {
      gateways.remove(id);
      loop.close();
      caller.close();
      turns.close();
    }
  }

  public TestGateways() {
    this(ReplyLimits.DEFAULT);
  }

  /// @param replies of every gateway
  public TestGateways(ReplyLimits replies) {
    this.replies = replies;
    store.openEpoch();
    pass(TurnStore.REBUILD_MS);
  }

  TestGateway gateway(String id) {
    return gateway(id, AdmissionLimits.DEFAULT);
  }

  TestGateway gateway(String id, AdmissionLimits admission) {
    return gateway(id, admission, loop -> (address, turn) -> Optional.empty());
  }

  /// @param platforms where replies become visible, made with the gateway's loop
  public TestGateway gateway(
      String id, AdmissionLimits admission, Function<GatewayLoop, ReplyPlatforms> platforms) {
    TestGateway gateway = new TestGateway(id, admission, platforms);
    gateways.put(id, gateway);
    started.add(gateway);
    return gateway;
  }

  public long now() {
    return System.currentTimeMillis() + aheadMs.get();
  }

  /// Time passes for the store and the gateways.
  public void pass(long ms) {
    aheadMs.addAndGet(ms);
  }

  public void forgetLiveness(String id) {
    synchronized (lock) {
      fake.dropLiveness(id);
    }
  }

  // ---- a user

  static InboundMessage message(String conversation, String id) {
    return message(conversation, id, new ReplyAddress(ReplyAddress.WEB, ""));
  }

  static InboundMessage message(String conversation, String id, ReplyAddress reply) {
    return new InboundMessage(
        conversation,
        id,
        new TurnRequest(
            "local",
            conversation,
            Lane.INTERACTIVE,
            reply,
            List.of(ChatMessage.user("question " + id)),
            reply.adoptable(),
            Sampling.greedy(10)));
  }

  // ---- a worker

  /// Takes the next prompt and claims its turn.
  public TurnRef claim(String attempt) throws InterruptedException {
    Prompt prompt = queue.poll(30, TimeUnit.SECONDS);
    if (prompt == null) {
      throw new AssertionError("no prompt came");
    }
    claim(prompt, attempt);
    return prompt.ref();
  }

  /// Claims the turn of a prompt.
  public void claim(Prompt prompt, String attempt) {
    store.claim(new Claim(attempt, "w1", "fp", List.of(attempt), false, 3, prompt));
  }

  public void say(TurnRef ref, String attempt, int n, String text) {
    append(ref, attempt, new Delta(n, List.of(n), text));
  }

  /// With a logprob that spells the text.
  void score(TurnRef ref, String attempt, int n, String text) {
    TokenLogprob spelled = new TokenLogprob(text.chars().boxed().toList(), -n, List.of());
    append(ref, attempt, new Delta(n, List.of(n), text, List.of(spelled)));
  }

  private void append(TurnRef ref, String attempt, Delta delta) {
    store.beatWorker("w1", "{}", List.of(attempt));
    store.append(ref, attempt, List.of(delta));
  }

  public Outcome finish(TurnRef ref, String attempt, String text) {
    return store.finish(ref, attempt, text, EndReason.STOP, new Usage(3, 2));
  }

  @Override
  public void close() {
    started.forEach(TestGateway::kill);
  }

  // ---- the store's door

  private int publish(String channel, ChannelMessage message) {
    TestGateway to = gateways.get(channel.substring(2));
    if (to == null) {
      return 0;
    }
    to.turns.onMessage(message);
    return 1;
  }

  private TurnStore locked(Mood mood) {
    return (TurnStore)
        Proxy.newProxyInstance(
            TurnStore.class.getClassLoader(),
            new Class<?>[] {TurnStore.class},
            (proxy, method, arguments) -> {
              if (mood.down) {
                throw new StoreUnavailable("down", new IllegalStateException("told so"));
              }
              Object reply;
              synchronized (lock) {
                try {
                  reply = method.invoke(fake, arguments);
                } catch (InvocationTargetException e) {
                  throw e.getCause();
                }
              }
              if (mood.loseReply) {
                mood.loseReply = false;
                throw new StoreUnavailable("lost", new IllegalStateException("told so"));
              }
              return reply;
            });
  }
}
