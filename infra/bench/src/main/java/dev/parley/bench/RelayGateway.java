package dev.parley.bench;

import dev.parley.gateway.admission.AdmissionGate;
import dev.parley.gateway.admission.AdmissionLimits;
import dev.parley.gateway.chat.InboundMessage;
import dev.parley.gateway.chat.Submission;
import dev.parley.gateway.chat.TurnEvent;
import dev.parley.gateway.conversation.HistoryLimits;
import dev.parley.gateway.conversation.PromptBuilder;
import dev.parley.gateway.dispatch.ProduceResult;
import dev.parley.gateway.reply.ReplyLimits;
import dev.parley.gateway.turn.Dispatcher;
import dev.parley.gateway.turn.GatewayLoop;
import dev.parley.gateway.turn.GatewayMeters;
import dev.parley.gateway.turn.GatewayTurns;
import dev.parley.gateway.turn.TurnLimits;
import dev.parley.gateway.turn.TurnPorts;
import dev.parley.shared.redis.RedisChannels;
import dev.parley.shared.redis.RedisSettings;
import dev.parley.shared.redis.RedisTurnStore;
import dev.parley.shared.runtime.BlockingStoreCaller;
import dev.parley.shared.runtime.Lifecycle;
import dev.parley.shared.turn.ChannelListener;
import dev.parley.shared.turn.Channels;
import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.wire.ChannelMessage;
import dev.parley.shared.wire.ChatMessage;
import dev.parley.shared.wire.Lane;
import dev.parley.shared.wire.Prompt;
import dev.parley.shared.wire.ReplyAddress;
import dev.parley.shared.wire.Sampling;
import dev.parley.shared.wire.TurnRequest;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// A gateway's turn machinery on a real Redis, wired as in production but for HTTP and Kafka: prompts
/// stay here for the [RelayWorker]s.
final class RelayGateway implements AutoCloseable {
  private static final String ID = "gw-bench";
  private static final int MOST_TURNS = 100_000;
  private static final int CONNECTIONS = 16;
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final Duration LOOK = Duration.ofMillis(5);
  private static final long HISTORY_MS = 60_000;

  private final Lifecycle lifecycle = new Lifecycle();
  private final MeterRegistry registry = new SimpleMeterRegistry();
  private final Map<TurnRef, Prompt> prompts = new ConcurrentHashMap<>();
  private final GatewayTurns turns;

  RelayGateway(RedisSettings redis) throws InterruptedException {
    RedisTurnStore store =
        lifecycle.started(
            "store",
            new RedisTurnStore(
                redis.withCallLimits(
                    redis.connectTimeoutMs(),
                    redis.socketTimeoutMs(),
                    CONNECTIONS,
                    redis.poolWaitMs())));
    GatewayLoop loop = new GatewayLoop();
    BlockingStoreCaller caller =
        lifecycle.started(
            "calls",
            new BlockingStoreCaller(
                store,
                loop::post,
                BlockingStoreCaller.Limits.DEFAULT,
                BlockingStoreCaller.Observer.NONE));
    lifecycle.started("loop", loop);
    GatewayMeters meters = new GatewayMeters(registry, "bench");
    AdmissionLimits limits =
        new AdmissionLimits(MOST_TURNS, MOST_TURNS, MOST_TURNS, Duration.ofSeconds(1));
    turns =
        lifecycle.started(
            "turns",
            GatewayTurns.start(
                loop,
                ports(caller, keeper(loop), meters),
                store,
                new AdmissionGate(limits),
                Optional::empty,
                meters,
                System::nanoTime));
    subscribe(redis);
  }

  private static TurnPorts ports(
      BlockingStoreCaller caller, Dispatcher dispatcher, GatewayMeters meters) {
    HistoryLimits history = new HistoryLimits(1, 1, HISTORY_MS);
    return new TurnPorts(
        ID,
        caller,
        dispatcher,
        (address, turn) -> Optional.empty(),
        new PromptBuilder("", history),
        history,
        TurnLimits.DEFAULT,
        ReplyLimits.DEFAULT,
        meters,
        System::currentTimeMillis);
  }

  /// Keeps prompts instead of a queue.
  private Dispatcher keeper(GatewayLoop loop) {
    return (prompt, then) -> {
      prompts.put(prompt.ref(), prompt);
      loop.post(() -> then.accept(ProduceResult.PRODUCED));
    };
  }

  private void subscribe(RedisSettings redis) throws InterruptedException {
    CountDownLatch subscribed = new CountDownLatch(1);
    lifecycle.started(
        "subscription",
        new RedisChannels(redis)
            .subscribe(
                Channels.ofGateway(ID),
                new ChannelListener() {
                  @Override
                  public void onSubscribed() {
                    if (subscribed.getCount() == 0) {
                      turns.onResubscribed();
                    }
                    subscribed.countDown();
                  }

                  @Override
                  public void onMessage(ChannelMessage message) {
                    turns.onMessage(message);
                  }

                  @Override
                  public void onLost(String reason) {
                    System.err.println("the subscription was lost: " + reason);
                  }
                }));
    if (!subscribed.await(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
      throw new IllegalStateException("Redis does not take the subscription");
    }
  }

  /// Admits so many turns, and waits until all are in the "queue".
  ///
  /// @param characters that each answer will have; `whole` is counted down for each that is whole
  List<Prompt> open(int count, int characters, CountDownLatch whole) throws InterruptedException {
    List<TurnRef> refs = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < count; i++) {
        InboundMessage message = message();
        refs.add(message.ref());
        Growing text = new Growing(characters, whole);
        threads.execute(() -> submit(message, text));
      }
    }
    await("all prompts are in the queue", () -> prompts.keySet().containsAll(refs));
    return refs.stream()
        .map(ref -> Optional.ofNullable(prompts.remove(ref)).orElseThrow())
        .toList();
  }

  private void submit(InboundMessage message, Growing text) {
    if (!(turns.submit(message, text::onEvent) instanceof Submission.Accepted)) {
      throw new IllegalStateException("a message was refused");
    }
  }

  private static InboundMessage message() {
    String conversation = "web:local:" + UUID.randomUUID();
    return new InboundMessage(
        conversation,
        UUID.randomUUID().toString(),
        new TurnRequest(
            "local",
            conversation,
            Lane.INTERACTIVE,
            new ReplyAddress(ReplyAddress.WEB, ""),
            List.of(ChatMessage.user("Tell me a story.")),
            false,
            Sampling.greedy(1)));
  }

  /// Waits until all turns have closed.
  void awaitNoneOpen() throws InterruptedException {
    await("all turns are closed", () -> turns.open() == 0);
  }

  /// Deltas that did not come in order and were read again, and subscriptions that were lost.
  double gaps() {
    return registry.counter("parley.gap.repairs").count()
        + registry.counter("parley.resubscriptions").count();
  }

  private static void await(String what, java.util.function.BooleanSupplier test)
      throws InterruptedException {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (!test.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("not in time: " + what);
      }
      TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
    }
  }

  @Override
  public void close() {
    lifecycle.close();
  }

  /// An answer that grows piece by piece; called by the loop's thread only.
  private static final class Growing {
    private final int characters;
    private final CountDownLatch whole;
    private int length;

    Growing(int characters, CountDownLatch whole) {
      this.characters = characters;
      this.whole = whole;
    }

    void onEvent(TurnEvent event) {
      if (event instanceof TurnEvent.Text piece && piece.offset() == length) {
        length += piece.added().length();
        if (length == characters) {
          whole.countDown();
        }
      }
    }
  }
}
