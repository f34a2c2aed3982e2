package dev.parley.gateway;

import dev.parley.gateway.admission.AdmissionGate;
import dev.parley.gateway.conversation.PromptBuilder;
import dev.parley.gateway.kafka.KafkaDeadLetters;
import dev.parley.gateway.kafka.KafkaPromptSink;
import dev.parley.gateway.redis.SharedMessageRates;
import dev.parley.gateway.redis.SharedPreferences;
import dev.parley.gateway.redis.SharedSendBudget;
import dev.parley.gateway.reply.ReplyLimits;
import dev.parley.gateway.reply.ReplyPlatforms;
import dev.parley.gateway.telegram.TelegramBot;
import dev.parley.gateway.telegram.TelegramLimits;
import dev.parley.gateway.telegram.TelegramSettings;
import dev.parley.gateway.turn.GatewayLoop;
import dev.parley.gateway.turn.GatewayMeters;
import dev.parley.gateway.turn.GatewayTurns;
import dev.parley.gateway.turn.QueueDispatcher;
import dev.parley.gateway.turn.TurnJournal;
import dev.parley.gateway.turn.TurnPorts;
import dev.parley.gateway.web.WebServerModule;
import dev.parley.shared.kafka.KafkaProvisioner;
import dev.parley.shared.kafka.QueueCheck;
import dev.parley.shared.kafka.QueueWatch;
import dev.parley.shared.redis.RedisChannels;
import dev.parley.shared.redis.RedisChecks;
import dev.parley.shared.redis.RedisRates;
import dev.parley.shared.redis.RedisTurnStore;
import dev.parley.shared.redis.RedisValues;
import dev.parley.shared.redis.RedisWatch;
import dev.parley.shared.runtime.BlockingStoreCaller;
import dev.parley.shared.runtime.HttpServer;
import dev.parley.shared.runtime.Lifecycle;
import dev.parley.shared.runtime.Management;
import dev.parley.shared.runtime.Metrics;
import dev.parley.shared.runtime.Readiness;
import dev.parley.shared.runtime.Threads;
import dev.parley.shared.turn.ChannelListener;
import dev.parley.shared.turn.Channels;
import dev.parley.shared.turn.Outcome;
import dev.parley.shared.turn.StoreUnavailable;
import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.wire.ChannelMessage;
import dev.parley.shared.wire.EndReason;
import io.helidon.webserver.http.HttpRouting;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A running gateway, wired on this page: Redis and Kafka, the turn machine on its loop, the HTTP
/// server. It starts whether or not Redis and Kafka answer; readiness says what is missing.
final class Gateway implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);

  private static final Duration REDIS_LOOK = Duration.ofSeconds(2);
  private static final Duration KAFKA_LOOK = Duration.ofSeconds(30);
  private static final Duration DRAIN_LOOK = Duration.ofMillis(50);
  private static final int ID_CHARS = 12;

  private final GatewaySettings settings;
  private final String id =
      "gw-" + UUID.randomUUID().toString().replace("-", "").substring(0, ID_CHARS);
  private final Lifecycle lifecycle;
  private final Readiness readiness = new Readiness();
  private final Metrics metrics;
  private final RedisTurnStore store;
  private final RedisWatch redis;
  private final GatewayDoor door;
  private final GatewayTurns turns;
  private final WebServerModule web;
  private Optional<TelegramBot> telegram = Optional.empty();

  private Gateway(GatewaySettings settings, Lifecycle lifecycle) {
    this.settings = settings;
    this.lifecycle = lifecycle;
    metrics = lifecycle.started("metrics", Metrics.create());
    store = lifecycle.started("redis", new RedisTurnStore(settings.redis()));
    redis =
        lifecycle.started("redis watch", new RedisWatch(new RedisChecks(store)::check, REDIS_LOOK));
    redis.start();
    door = new GatewayDoor(redis::full);
    LazyPromptSink sink = startSink();
    turns = startTurns(sink);
    startQueue(sink);
    subscribe();
    addChecks();
    web =
        lifecycle.started(
            "http",
            WebServerModule.start(
                settings.web(), turns, () -> List.of(settings.model()), this::addRoutes));
    telegram.ifPresent(bot -> bot.start(turns, settings.history().hours()));
    lifecycle.atStop("drain", this::drain);
  }

  /// Starts everything.
  ///
  /// @throws dev.parley.shared.config.ConfigException when the port is taken
  static Gateway start(GatewaySettings settings) {
    HttpServer.requireFree(settings.bind());
    Lifecycle lifecycle = new Lifecycle();
    try {
      return new Gateway(settings, lifecycle);
    } catch (RuntimeException e) {
      lifecycle.close();
      throw e;
    }
  }

  String id() {
    return id;
  }

  String url() {
    return web.url();
  }

  int port() {
    return web.port();
  }

  @Override
  public void close() {
    lifecycle.close();
  }

  // ---- start

  private LazyPromptSink startSink() {
    LazyPromptSink sink =
        lifecycle.started(
            "prompt sink",
            new LazyPromptSink(
                () -> new KafkaPromptSink(settings.kafka(), id, metrics.registry())));
    var _ = Threads.start("producer-warm-up", sink::warm);
    return sink;
  }

  private GatewayTurns startTurns(LazyPromptSink sink) {
    GatewayMeters meters = new GatewayMeters(metrics.registry(), settings.model());
    GatewayLoop loop = new GatewayLoop();
    BlockingStoreCaller caller =
        lifecycle.started(
            "store calls",
            new BlockingStoreCaller(
                store, loop::post, settings.calls(), new TurnJournal(metrics.registry())));
    lifecycle.started("loop", loop);
    telegram = settings.telegram().map(bot -> startTelegram(bot, loop));
    ReplyPlatforms platforms =
        (address, turn) -> telegram.flatMap(bot -> bot.behind(address, turn));
    TurnPorts ports =
        new TurnPorts(
            id,
            caller,
            new QueueDispatcher(sink, loop::post),
            platforms,
            new PromptBuilder(settings.systemPrompt(), settings.history()),
            settings.history(),
            settings.turns(),
            ReplyLimits.DEFAULT,
            meters,
            System::currentTimeMillis);
    return lifecycle.started(
        "turns",
        GatewayTurns.start(
            loop,
            ports,
            store,
            new AdmissionGate(settings.admission()),
            door,
            meters,
            System::nanoTime));
  }

  private TelegramBot startTelegram(TelegramSettings bot, GatewayLoop loop) {
    RedisRates rates = lifecycle.started("send rates", new RedisRates(settings.redis()));
    RedisValues values =
        lifecycle.started("chat settings", new RedisValues(settings.redis(), "telegram-settings"));
    return lifecycle.started(
        "telegram",
        new TelegramBot(
            bot,
            TelegramLimits.DEFAULT,
            limits ->
                new SharedSendBudget(
                    rates,
                    "tg:" + bot.botId(),
                    limits.all(),
                    System::currentTimeMillis,
                    loop::post),
            new SharedPreferences(values),
            new SharedMessageRates(rates, "tg:" + bot.botId(), bot.limits().hourly()),
            metrics.registry(),
            System::currentTimeMillis,
            loop::post));
  }

  private void startQueue(LazyPromptSink sink) {
    QueueWatch queue =
        lifecycle.started(
            "kafka watch",
            new QueueWatch(
                new KafkaProvisioner(settings.kafka()), settings.kafka().times(), KAFKA_LOOK));
    readiness.add(
        "kafka",
        () -> {
          QueueCheck state = queue.state();
          return state.ready() ? Optional.empty() : Optional.of(state.describe());
        });
    queue.start();
    lifecycle.started(
        "dead letters",
        new DeadLetterDuty(
            queue,
            new KafkaDeadLetters(settings.kafka(), id, metrics.registry()),
            new GivenUpPrompts(sink, this::end)));
  }

  private void subscribe() {
    lifecycle.started(
        "subscription",
        new RedisChannels(settings.redis())
            .subscribe(
                Channels.ofGateway(id),
                new ChannelListener() {
                  @Override
                  public void onSubscribed() {
                    if (door.isSubscribed()) {
                      turns.onResubscribed();
                    }
                    door.subscribed();
                  }

                  @Override
                  public void onMessage(ChannelMessage message) {
                    turns.onMessage(message);
                  }

                  @Override
                  public void onLost(String reason) {
                    // Own turns are read again every second until it is back.
                    LOG.debug("the channel was lost: {}", reason);
                  }
                }));
  }

  private void addRoutes(HttpRouting.Builder routing) {
    new Management(readiness, metrics).addTo(routing);
    telegram.ifPresent(bot -> bot.addTo(routing));
  }

  private void addChecks() {
    readiness.add("redis", redis::problem);
    readiness.add("liveness", () -> missing(turns.live(), "Redis has not confirmed this gateway"));
    readiness.add("epoch", () -> missing(!turns.rebuilding(), "an emptied Redis is filled again"));
    readiness.add("channel", () -> missing(door.isSubscribed(), "not subscribed yet"));
    readiness.add("stop", () -> missing(!door.isStopping(), "asked to stop"));
  }

  private static Optional<String> missing(boolean there, String what) {
    return there ? Optional.empty() : Optional.of(what);
  }

  /// The turn's prompt is lost.
  private void end(TurnRef ref, String reason) {
    Outcome outcome = store.fail(ref, EndReason.UNREADABLE);
    if (outcome == Outcome.COLD) {
      throw new StoreUnavailable(
          "Redis was emptied and is being set up again", new IllegalStateException("cold"));
    }
    LOG.warn("the queue gave turnId={} up ({}): {}", ref.turnId(), reason, outcome);
  }

  // ---- stop

  /// Takes nothing new and lets open answers end, for a bounded time. What is left another gateway
  /// finishes.
  private void drain() throws InterruptedException {
    door.stop();
    long untilNanos = System.nanoTime() + settings.drain().toNanos();
    while (turns.open() > 0 && System.nanoTime() < untilNanos) {
      Thread.sleep(DRAIN_LOOK);
    }
    if (turns.open() > 0) {
      LOG.info("{} turns are left to another gateway", turns.open());
    }
  }
}
