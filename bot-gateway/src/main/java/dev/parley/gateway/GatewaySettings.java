package dev.parley.gateway;

import dev.parley.gateway.admission.AdmissionLimits;
import dev.parley.gateway.admission.MessageRates;
import dev.parley.gateway.conversation.HistoryLimits;
import dev.parley.gateway.conversation.Skills;
import dev.parley.gateway.telegram.AskLimits;
import dev.parley.gateway.telegram.Guests;
import dev.parley.gateway.telegram.TelegramSettings;
import dev.parley.gateway.turn.TurnLimits;
import dev.parley.gateway.web.ApiKeys;
import dev.parley.gateway.web.WebLimits;
import dev.parley.gateway.web.WebSettings;
import dev.parley.shared.config.Config;
import dev.parley.shared.config.HttpBind;
import dev.parley.shared.config.ModelName;
import dev.parley.shared.config.Secret;
import dev.parley.shared.config.Settings;
import dev.parley.shared.kafka.KafkaSettings;
import dev.parley.shared.openai.RequestLimits;
import dev.parley.shared.redis.RedisSettings;
import dev.parley.shared.redis.RedisUrls;
import dev.parley.shared.runtime.BlockingStoreCaller;
import dev.parley.shared.wire.Sampling;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The gateway's part of the configuration, as its parts want it.
///
/// @param systemPrompt told to the model when a request brings none
/// @param model the name under which the model is offered
/// @param drain how long a stop waits for open answers
record GatewaySettings(
    HttpBind bind,
    WebSettings web,
    RedisSettings redis,
    BlockingStoreCaller.Limits calls,
    KafkaSettings kafka,
    TurnLimits turns,
    AdmissionLimits admission,
    HistoryLimits history,
    String systemPrompt,
    String model,
    Duration drain,
    Optional<TelegramSettings> telegram) {

  /// How answers are drawn where a client says nothing: close to the likeliest, as the makers of the
  /// default model advise.
  private static final double TOP_P = 0.9;

  private static final int TOP_K = 40;
  private static final double MIN_P = 0.05;

  /// Exchanges of a conversation that Redis keeps; a prompt takes far fewer.
  private static final int KEPT_EXCHANGES = 500;

  /// Connections beside those of the machine's scripts: liveness, readers, checks.
  private static final int MORE_CONNECTIONS = 4;

  static GatewaySettings from(Config config) {
    HttpBind bind = HttpBind.gateway(config);
    RedisSettings redis = RedisUrls.settings(config.get(Settings.REDIS));
    return new GatewaySettings(
        bind,
        web(config, bind),
        redis.withCallLimits(
            redis.connectTimeoutMs(),
            redis.socketTimeoutMs(),
            config.get(Settings.REDIS_CALLS) + MORE_CONNECTIONS,
            redis.poolWaitMs()),
        new BlockingStoreCaller.Limits(
            config.get(Settings.REDIS_CALLS), BlockingStoreCaller.Limits.DEFAULT.unknownPause()),
        KafkaSettings.defaults(config.get(Settings.KAFKA)),
        turns(config),
        new AdmissionLimits(
            config.get(Settings.USER_IN_FLIGHT),
            config.get(Settings.KEY_IN_FLIGHT),
            config.get(Settings.OPEN_TURNS),
            AdmissionLimits.DEFAULT.retryAfter()),
        new HistoryLimits(
            Math.max(1, config.get(Settings.HISTORY_TOKENS)),
            KEPT_EXCHANGES,
            config.get(Settings.HISTORY_EXPIRY).toMillis()),
        config.get(Settings.SYSTEM_PROMPT),
        ModelName.of(config),
        config.get(Settings.DRAIN),
        config.find(Settings.TELEGRAM_TOKEN).map(token -> telegram(config, token)));
  }

  private static TelegramSettings telegram(Config config, Secret token) {
    return new TelegramSettings(
        token,
        config.get(Settings.TELEGRAM_API),
        config
            .find(Settings.TELEGRAM_WEBHOOK)
            .map(url ->
                new TelegramSettings.Webhook(
                    url,
                    config
                        .find(Settings.TELEGRAM_WEBHOOK_SECRET)
                        .orElseGet(() -> TelegramSettings.Webhook.secretOf(token)))),
        Guests.of(
            config.get(Settings.TELEGRAM_ALLOW),
            config.get(Settings.TELEGRAM_DENY),
            config.get(Settings.TELEGRAM_ADMINS)),
        ModelName.of(config),
        config.get(Settings.TELEGRAM_DRAFTS),
        config.get(Settings.TELEGRAM_FILE_CHARS),
        sampling(config),
        config.find(Settings.SKILLS).map(Skills::with).orElseGet(Skills::ours),
        new AskLimits(
            config.get(Settings.MESSAGE_CHARS),
            config.get(Settings.USER_IN_FLIGHT),
            new MessageRates.Hourly(
                config.get(Settings.TELEGRAM_USER_HOURLY),
                config.get(Settings.TELEGRAM_CHAT_HOURLY))));
  }

  private static Sampling sampling(Config config) {
    return new Sampling(
        config.get(Settings.MAX_TOKENS),
        config.get(Settings.TEMPERATURE),
        TOP_P,
        TOP_K,
        MIN_P,
        0,
        List.of());
  }

  private static WebSettings web(Config config, HttpBind bind) {
    int maxTokens = config.get(Settings.MAX_TOKENS);
    int messageChars = config.get(Settings.MESSAGE_CHARS);
    RequestLimits d = RequestLimits.DEFAULTS;
    RequestLimits request =
        new RequestLimits(
            Math.toIntExact(config.get(Settings.BODY_BYTES)),
            d.maxJsonDepth(),
            d.maxMessages(),
            Math.toIntExact(
                Math.min(
                    config.get(Settings.BODY_BYTES),
                    Math.max(d.maxPromptCharacters(), messageChars))),
            d.maxStopStrings(),
            d.maxStopCharacters(),
            Math.max(maxTokens, d.maxOutputTokens()));
    WebLimits limits = WebLimits.DEFAULTS;
    return new WebSettings(
        bind.host(),
        bind.port(),
        ApiKeys.of(bind.keys().stream().map(Secret::reveal).toList()),
        sampling(config),
        new WebLimits(
            request,
            messageChars,
            limits.maxPendingCharacters(),
            limits.heartbeat(),
            limits.abandonAfter(),
            limits.maxConnections()));
  }

  private static TurnLimits turns(Config config) {
    TurnLimits d = TurnLimits.DEFAULT;
    return new TurnLimits(
        config.get(Settings.TURN_DEADLINE).toMillis(),
        d.deliverMs(),
        config.get(Settings.WAITING_TURNS) + 1,
        d.rereadMs(),
        d.beatMs(),
        d.sweepMs(),
        d.sweepLimit(),
        d.retryMs(),
        d.retryMaxMs(),
        d.admitMs(),
        d.graceMs(),
        d.rememberMs(),
        d.lostWorkerMs());
  }
}
