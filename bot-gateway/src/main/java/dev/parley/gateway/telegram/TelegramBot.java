package dev.parley.gateway.telegram;

import dev.parley.gateway.admission.MessageRates;
import dev.parley.gateway.chat.Turns;
import dev.parley.gateway.reply.EditPacer;
import dev.parley.gateway.reply.ReplyPlatform;
import dev.parley.gateway.reply.ReplyPlatforms;
import dev.parley.gateway.reply.SendBudget;
import dev.parley.shared.config.Secret;
import dev.parley.shared.runtime.Threads;
import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.wire.ReplyAddress;
import io.helidon.webserver.http.HttpRouting;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.telegram.telegrambots.meta.api.methods.GetMe;
import org.telegram.telegrambots.meta.api.methods.commands.SetMyCommands;
import org.telegram.telegrambots.meta.api.methods.updates.DeleteWebhook;
import org.telegram.telegrambots.meta.api.methods.updates.GetWebhookInfo;
import org.telegram.telegrambots.meta.api.methods.updates.SetWebhook;
import org.telegram.telegrambots.meta.api.objects.Update;
import org.telegram.telegrambots.meta.api.objects.User;
import org.telegram.telegrambots.meta.api.objects.WebhookInfo;
import org.telegram.telegrambots.meta.api.objects.commands.BotCommand;

/// A running bot: its replies first, because turns that an earlier process left are shown by whoever is there;
/// then, once Telegram has said who the bot is, its updates.
public final class TelegramBot implements ReplyPlatforms, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TelegramBot.class);

  private static final Duration RETRY = Duration.ofSeconds(3);

  private final TelegramSettings settings;
  private final TelegramLimits limits;
  private final TelegramApi api;
  private final TelegramMeters meters;
  private final MovedChats moved;
  private final TelegramReply.Ports ports;
  private final PreferenceStore preferences;
  private final MessageRates rates;

  /// After the stop it drops what it is given: nobody waits for it any more.
  private final ScheduledThreadPoolExecutor timer =
      new ScheduledThreadPoolExecutor(
          1,
          Thread.ofPlatform().name("telegram-timer").daemon(true).factory(),
          new ThreadPoolExecutor.DiscardPolicy());

  private volatile Optional<BotIdentity> identity = Optional.empty();
  private volatile Optional<TelegramInbox> inbox = Optional.empty();
  private volatile Optional<UpdatePoller> poller = Optional.empty();

  /// Empty also before anything is known.
  private volatile String problem = "";

  private @Nullable Thread starter;

  /// @param budget makes what the bot may send
  /// @param preferences keeps what chats have set
  /// @param rates how much people may ask
  /// @param clock milliseconds
  /// @param loop runs a task on the gateway's machine thread
  public TelegramBot(
      TelegramSettings settings,
      TelegramLimits limits,
      Function<TelegramLimits, SendBudget> budget,
      PreferenceStore preferences,
      MessageRates rates,
      MeterRegistry registry,
      LongSupplier clock,
      Consumer<Runnable> loop) {
    this.settings = settings;
    this.limits = limits;
    this.preferences = preferences;
    this.rates = rates;
    this.moved = new MovedChats(preferences);
    this.api = new TelegramApi(settings.token(), settings.api(), limits);
    this.meters = new TelegramMeters(registry);
    EditPacer pacer =
        new EditPacer(
            budget.apply(limits),
            clock,
            (ms, task) -> {
              var _ = timer.schedule(() -> loop.accept(task), ms, TimeUnit.MILLISECONDS);
            },
            () -> api.underWay() < limits.underWay());
    this.ports =
        new TelegramReply.Ports(
            api,
            pacer,
            limits,
            meters,
            moved,
            new Drafts(settings.drafts()),
            settings.documentOver(),
            loop);
  }

  /// The reply to a message in Telegram; empty for an address elsewhere.
  @Override
  public Optional<ReplyPlatform<?>> behind(ReplyAddress address, TurnRef turn) {
    return TelegramAddress.of(address).map(place -> new TelegramReply(ports, place, turn.turnId()));
  }

  /// Begins to take updates, as soon as Telegram answers.
  ///
  /// @param historyHours how long a silent conversation is remembered
  public void start(Turns turns, long historyHours) {
    starter =
        Threads.start(
            "telegram-start",
            () -> {
              try {
                begin(turns, historyHours);
              } catch (InterruptedException _) {
                LOG.debug("stopped before Telegram had answered");
              }
            });
  }

  /// The name of the bot with this token, as Telegram says.
  ///
  /// @throws IllegalStateException when it does not say, with the reason in words for people
  public static String name(Secret token, URI server) {
    try (TelegramApi api = new TelegramApi(token, server, TelegramLimits.DEFAULT)) {
      ApiResult<User> me = api.call(new GetMe());
      if (me instanceof ApiResult.Ok<User> ok) {
        return "@" + ok.value().getUserName();
      }
      throw new IllegalStateException(why(me));
    }
  }

  /// Adds the bot's routes: its status, and the webhook where there is one.
  public void addTo(HttpRouting.Builder routing) {
    routing.register("/telegram", new TelegramStatus(() -> identity, this::problem));
    settings
        .webhook()
        .ifPresent(webhook ->
            routing.register(
                "/telegram",
                new TelegramWebhook(
                    webhook.secret(),
                    limits.webhookBytes(),
                    update -> inbox.map(i -> i.take(update)).orElse(false))));
  }

  /// Why updates do not come; empty when they do.
  public Optional<String> problem() {
    String now = poller.map(UpdatePoller::problem).orElse(problem);
    return now.isEmpty() ? Optional.empty() : Optional.of(now);
  }

  private void begin(Turns turns, long historyHours) throws InterruptedException {
    User me = insist("getMe", () -> api.call(new GetMe()));
    BotIdentity bot = new BotIdentity(me.getId(), me.getUserName());
    identity = Optional.of(bot);
    inbox = Optional.of(inbox(turns, bot, historyHours));
    for (Locale language : Words.LANGUAGES) {
      insist("setMyCommands", () -> api.call(commands(language)));
    }
    if (settings.webhook().isPresent()) {
      setWebhook(settings.webhook().get());
    } else {
      if (!insist("getWebhookInfo", this::webhookInfo).getUrl().isEmpty()) {
        LOG.info("the bot had a webhook, which ends now: updates are asked for");
        insist("deleteWebhook", () -> api.call(DeleteWebhook.builder().build()));
      }
      UpdatePoller polling =
          new UpdatePoller(api, limits, TelegramInbox.KINDS, this::takeAll, meters);
      poller = Optional.of(polling);
      polling.start();
    }
    LOG.info("@{} takes messages in Telegram, by {}", bot.name(), how());
  }

  private TelegramInbox inbox(Turns turns, BotIdentity bot, long historyHours) {
    BotVoice voice = new BotVoice(ports);
    SettingsMenu menu = new SettingsMenu(preferences, settings.model());
    SkillMenu skills = new SkillMenu(settings.skills(), menu);
    Questions questions = new Questions(turns, settings, bot, voice, skills, moved, rates);
    Bans bans = new Bans(preferences);
    KnownChats chats = new KnownChats(preferences);
    AdminCommands admin =
        new AdminCommands(
            settings.guests(),
            bans,
            new Announcement(chats, preferences, voice),
            settings.limits(),
            voice);
    BotCommands commands =
        new BotCommands(
            turns,
            questions,
            voice,
            menu,
            skills,
            admin,
            new DoneCommands(preferences),
            historyHours,
            settings.limits());
    return new TelegramInbox(
        bot,
        questions,
        commands,
        new Buttons(turns, questions, commands, menu, voice, meters),
        menu,
        voice,
        new Documents(api),
        new Door(settings.guests(), bans),
        chats,
        moved,
        meters);
  }

  private String how() {
    return settings.webhook().map(w -> "webhook at " + w.url()).orElse("long polling");
  }

  private List<Update> takeAll(List<Update> updates) {
    return inbox.map(i -> i.takeAll(updates)).orElse(List.of());
  }

  private void setWebhook(TelegramSettings.Webhook webhook) throws InterruptedException {
    SetWebhook method =
        SetWebhook.builder()
            .url(webhook.url().toString())
            .secretToken(webhook.secret().reveal())
            .allowedUpdates(TelegramInbox.KINDS)
            .build();
    insist("setWebhook", () -> api.call(method));
    WebhookInfo set = insist("getWebhookInfo", this::webhookInfo);
    if (!set.getUrl().equals(webhook.url().toString())) {
      LOG.warn("Telegram posts updates to {} and not to {}", set.getUrl(), webhook.url());
    }
    if (set.getLastErrorMessage() != null) {
      LOG.warn(
          "the last update that Telegram posted did not arrive: {}", set.getLastErrorMessage());
    }
    problem = "";
  }

  private ApiResult<WebhookInfo> webhookInfo() {
    return api.call(new GetWebhookInfo());
  }

  private static SetMyCommands commands(Locale language) {
    Words words = Words.in(language);
    List<BotCommand> list = new ArrayList<>();
    BotCommands.NAMES.forEach(name -> list.add(new BotCommand(name, words.say("command." + name))));
    var method = SetMyCommands.builder().commands(list);
    if (!language.equals(Words.LANGUAGES.getFirst())) {
      method.languageCode(language.getLanguage());
    }
    return method.build();
  }

  /// A call that has to succeed before the bot can work.
  private interface Call<T> {
    ApiResult<T> make();
  }

  private <T> T insist(String name, Call<T> call) throws InterruptedException {
    while (true) {
      ApiResult<T> result = call.make();
      if (result instanceof ApiResult.Ok<T> ok) {
        return ok.value();
      }
      String why = "Telegram at %s: %s failed: %s".formatted(settings.api(), name, why(result));
      if (!why.equals(problem)) {
        LOG.warn("{}", why);
      }
      problem = why;
      Thread.sleep(
          result instanceof ApiResult.Flood<T> flood
              ? Duration.ofMillis(flood.retryAfterMs())
              : RETRY);
    }
  }

  private static String why(ApiResult<?> result) {
    return switch (result) {
      case ApiResult.Refused<?> refused ->
          refused.code() == 401 || refused.code() == 404
              ? "the token is not known there; TELEGRAM_BOT_TOKEN has to be the one that @BotFather"
                  + " gave ("
                  + refused.description()
                  + ")"
              : refused.description();
      case ApiResult.Flood<?> flood -> "asked to wait " + flood.retryAfterMs() + " ms";
      case ApiResult.Unreachable<?> away -> away.reason();
      case ApiResult.Unknown<?> unknown -> unknown.reason();
      case ApiResult.Migrated<?> odd -> "an odd answer";
      case ApiResult.Ok<?> ok -> "";
    };
  }

  @Override
  public void close() {
    if (starter != null) {
      starter.interrupt();
    }
    poller.ifPresent(UpdatePoller::close);
    inbox.ifPresent(TelegramInbox::close);
    timer.shutdownNow();
    api.close();
  }
}
