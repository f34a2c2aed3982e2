package dev.parley.gateway.telegram;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.doubles.telegram.Chat;
import dev.parley.doubles.telegram.FloodRules;
import dev.parley.doubles.telegram.Message;
import dev.parley.doubles.telegram.Method;
import dev.parley.doubles.telegram.TelegramDouble;
import dev.parley.doubles.telegram.TelegramOptions;
import dev.parley.doubles.telegram.Transcript;
import dev.parley.doubles.telegram.User;
import dev.parley.doubles.telegram.Violation;
import dev.parley.doubles.telegram.WebhookRoute;
import dev.parley.gateway.admission.AdmissionLimits;
import dev.parley.gateway.admission.MessageRates;
import dev.parley.gateway.chat.InboundMessage;
import dev.parley.gateway.conversation.Skills;
import dev.parley.gateway.reply.LocalSendBudget;
import dev.parley.gateway.reply.ReplyLimits;
import dev.parley.gateway.reply.SendRate;
import dev.parley.gateway.turn.TestGateways;
import dev.parley.shared.config.Secret;
import dev.parley.shared.turn.Outcome;
import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.turn.TurnState;
import dev.parley.shared.turn.ViewReply;
import dev.parley.shared.wire.EndReason;
import dev.parley.shared.wire.Prompt;
import dev.parley.shared.wire.Sampling;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.telegram.telegrambots.meta.api.methods.updates.GetWebhookInfo;
import org.telegram.telegrambots.meta.api.objects.WebhookInfo;

/// A bot with real replies and real HTTP, Telegram's double, a fake store, and a test that answers as the model.
/// Chats take four times as many calls as in Telegram, by the limits of the bot and of the double, which is as strict
/// as ever; times after which something is given up are shorter too.
final class BotUnderTest implements AutoCloseable {
  static final Duration LIMIT = Duration.ofSeconds(30);
  static final String AGAIN = "🔄 Regenerate";
  static final String NOT_WANTED = "@mallory";
  static final String ADMIN = "@root";
  static final int MESSAGE_CHARS = 3_000;

  static final Secret SECRET = new Secret("the-secret_of_tests");

  private static final FloodRules RULES = new FloodRules(3, 250, 20, 15_000, 30, 1_000);

  static final TelegramLimits LIMITS =
      new TelegramLimits(
          new SendRate(275, 2),
          new SendRate(900, 3),
          TelegramLimits.DEFAULT.all(),
          TelegramLimits.DEFAULT.underWay(),
          Duration.ofSeconds(2),
          Duration.ofSeconds(3),
          TelegramLimits.DEFAULT.updates(),
          TelegramLimits.DEFAULT.webhookBytes());

  /// Later than a call is given up, as it has to be.
  private static final ReplyLimits REPLIES = new ReplyLimits(200, 2_500, 300);

  private final AtomicLong aheadMs = new AtomicLong();
  final TelegramDouble telegram =
      TelegramDouble.start(
          TelegramOptions.defaults()
              .withRules(RULES)
              .withClock(() -> System.currentTimeMillis() + aheadMs.get()));
  final TestGateways gateways = new TestGateways(REPLIES);
  final User ann = telegram.users().person("Ann", "ann", "en");
  final Chat chat = telegram.users().privateChat(ann);
  private final Map<TurnRef, String> attempts = new ConcurrentHashMap<>();
  private final Map<TurnRef, Integer> said = new ConcurrentHashMap<>();
  private final PreferenceStore preferences = new FakePreferences();

  /// How much people may ask; anything unless a test says otherwise.
  volatile MessageRates rates = (user, chat) -> Duration.ZERO;

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final List<TelegramBot> bots = new ArrayList<>();
  private final List<TestGateways.TestGateway> started = new ArrayList<>();
  private final List<WebServer> servers = new ArrayList<>();
  private Optional<TelegramSettings.Webhook> webhook = Optional.empty();
  private boolean drafts;
  private int documentOver;

  /// With one gateway that polls.
  static BotUnderTest polling() {
    BotUnderTest bot = new BotUnderTest();
    bot.start("gw-1");
    return bot;
  }

  /// With one gateway that polls and shows answers as drafts while they grow.
  static BotUnderTest drafting() {
    BotUnderTest bot = new BotUnderTest();
    bot.drafts = true;
    bot.start("gw-1");
    return bot;
  }

  /// With one gateway that polls and sends an answer that is longer as a document too.
  static BotUnderTest withDocumentsOver(int chars) {
    BotUnderTest bot = new BotUnderTest();
    bot.documentOver = chars;
    bot.start("gw-1");
    return bot;
  }

  /// With one gateway that Telegram posts to.
  static BotUnderTest webhook() {
    return webhooks(new BotUnderTest(), 1);
  }

  /// The same, with drafts.
  static BotUnderTest draftingByWebhook() {
    BotUnderTest bot = new BotUnderTest();
    bot.drafts = true;
    return webhooks(bot, 1);
  }

  /// With gateways each of which Telegram posts every update to.
  static BotUnderTest webhooks(int gateways) {
    return webhooks(new BotUnderTest(), gateways);
  }

  private static BotUnderTest webhooks(BotUnderTest bot, int gateways) {
    List<URI> urls = new ArrayList<>();
    for (int i = 0; i < gateways; i++) {
      urls.add(URI.create("http://127.0.0.1:" + freePort() + "/telegram/webhook"));
    }
    bot.webhook = Optional.of(new TelegramSettings.Webhook(urls.getFirst(), SECRET));
    bot.telegram.webhookRoute(WebhookRoute.toEach(urls.toArray(URI[]::new)));
    for (int i = 0; i < gateways; i++) {
      bot.start("gw-" + (i + 1));
      bot.serve(urls.get(i).getPort());
    }
    return bot;
  }

  /// Serves the routes of the newest bot.
  URI serve(int port) {
    HttpRouting.Builder routing = HttpRouting.builder();
    bots.getLast().addTo(routing);
    WebServer server =
        WebServer.builder().host("127.0.0.1").port(port).routing(routing).build().start();
    servers.add(server);
    return URI.create("http://127.0.0.1:" + server.port());
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  URI webhookUrl() {
    return webhook.orElseThrow().url();
  }

  TestGateways.TestGateway start(String gateway) {
    AtomicReference<TelegramBot> made = new AtomicReference<>();
    TestGateways.TestGateway node =
        gateways.gateway(
            gateway,
            AdmissionLimits.DEFAULT,
            loop -> {
              TelegramBot bot =
                  new TelegramBot(
                      settings(),
                      LIMITS,
                      limits -> new LocalSendBudget(limits.all(), System::currentTimeMillis),
                      preferences,
                      (user, chat) -> rates.take(user, chat),
                      registry,
                      System::currentTimeMillis,
                      loop::post);
              made.set(bot);
              return bot;
            });
    bots.add(made.get());
    started.add(node);
    made.get().start(node.turns, 24);
    return node;
  }

  private TelegramSettings settings() {
    return new TelegramSettings(
        new Secret(telegram.token()),
        telegram.url(),
        webhook,
        Guests.of(List.of(), List.of(NOT_WANTED), List.of(ADMIN)),
        "test-model",
        drafts,
        documentOver,
        Sampling.greedy(100),
        Skills.ours(),
        new AskLimits(MESSAGE_CHARS, 4, MessageRates.Hourly.ANY));
  }

  /// Another program with the bot's token.
  TelegramApi rival() {
    return new TelegramApi(new Secret(telegram.token()), telegram.url(), LIMITS);
  }

  /// What a counter of the bot shows.
  double count(String name) {
    return registry.counter(name).count();
  }

  /// Until Telegram posts updates.
  void awaitWebhook() throws InterruptedException {
    telegram.awaitCalls(
        calls -> calls.stream().anyMatch(c -> c.method() == Method.SET_WEBHOOK && c.ok()), LIMIT);
  }

  /// Until Telegram was told that an update cannot be taken now.
  void awaitPostRefused() {
    try (TelegramApi api = rival()) {
      await("a post is refused")
          .atMost(LIMIT)
          .until(() ->
              api.call(new GetWebhookInfo()) instanceof ApiResult.Ok<WebhookInfo> info
                  && String.valueOf(info.value().getLastErrorMessage()).contains("503"));
    }
  }

  /// Until so many calls met a fault.
  void awaitFaults(int count) throws InterruptedException {
    telegram.awaitCalls(
        calls -> calls.stream().filter(c -> c.fault().isPresent()).count() >= count, LIMIT);
  }

  /// The names and labels of all that the bot measures, and of all that the first gateway does.
  String meters() {
    return registry.getMetersAsString() + gateway().meters();
  }

  /// As `kill -9` of the last gateway that was started.
  void kill() {
    started.removeLast().kill();
    bots.removeLast().close();
  }

  /// The first gateway.
  TestGateways.TestGateway gateway() {
    return started.getFirst();
  }

  /// How often the first gateway could not keep the promise.
  double exceptions(String name) {
    return gateway().count("parley.promise.exceptions", "exception", name);
  }

  /// Until no turn is open: all have given their places back.
  void awaitIdle() {
    await("no turn is open")
        .atMost(LIMIT)
        .until(() -> started.stream().allMatch(node -> node.turns.open() == 0));
  }

  /// Until a poll waits for updates: what happens to polls from now on concerns later ones.
  void awaitPolling() throws InterruptedException {
    telegram.awaitCalls(calls -> telegram.count(Method.GET_UPDATES) > 0, LIMIT);
  }

  // ---- the people

  /// Somebody with a private chat.
  record Person(User user, Chat chat) {}

  Person person(String name) {
    User user = telegram.users().person(name);
    return new Person(user, telegram.users().privateChat(user));
  }

  Message asks(String text) {
    return telegram.users().says(ann, chat, text);
  }

  Message asks(Person person, String text) {
    return telegram.users().says(person.user(), person.chat(), text);
  }

  /// Lets so much time pass for Telegram: what is said then is no part of a burst.
  void pass(Duration time) {
    aheadMs.addAndGet(time.toMillis());
  }

  /// What the one answer to a message shows, once it is so.
  Message answer(Message question, Predicate<Message> shows) throws InterruptedException {
    return telegram
        .await(question.chat(), t -> t.repliesTo(question).stream().anyMatch(shows), LIMIT)
        .repliesTo(question)
        .getFirst();
  }

  /// The same, once nothing more will be written.
  Message whole(Message question, String text) throws InterruptedException {
    return answer(question, m -> m.text().equals(text) && m.button(AGAIN).isPresent());
  }

  /// Until the draft of an answer shows a text.
  Transcript draft(String text) throws InterruptedException {
    return sees(t -> t.openDraft().filter(d -> d.text().equals(text)).isPresent());
  }

  Transcript sees(Predicate<Transcript> condition) throws InterruptedException {
    return telegram.await(chat, condition, LIMIT);
  }

  // ---- the model

  /// Answers the next prompt with these words, one delta each.
  TurnRef answers(String... words) throws InterruptedException {
    TurnRef ref = begins(words);
    gateways.finish(ref, attempt(ref), String.join("", words));
    return ref;
  }

  /// The same, without an end.
  TurnRef begins(String... words) throws InterruptedException {
    return begins(promptWith(""), words);
  }

  /// Begins to answer that prompt.
  TurnRef begins(Prompt prompt, String... words) {
    String attempt = "attempt-" + System.nanoTime();
    gateways.claim(prompt, attempt);
    attempts.put(prompt.ref(), attempt);
    for (String word : words) {
      goesOn(prompt.ref(), word);
    }
    return prompt.ref();
  }

  /// The first prompt whose question ends so; those before it, which it replaced, are dropped.
  Prompt promptWith(String ending) throws InterruptedException {
    while (true) {
      Prompt prompt = gateways.queue.poll(LIMIT.toSeconds(), TimeUnit.SECONDS);
      if (prompt == null) {
        throw new AssertionError("no prompt ends with " + ending);
      }
      if (prompt.messages().getLast().content().endsWith(ending)) {
        return prompt;
      }
    }
  }

  /// Answers that prompt.
  void answersTo(Prompt prompt, String text) {
    String attempt = "attempt-" + System.nanoTime();
    gateways.claim(prompt, attempt);
    gateways.finish(prompt.ref(), attempt, text);
  }

  void awaitEnd(TurnRef ref, EndReason reason) {
    await("the turn ends")
        .atMost(LIMIT)
        .until(() ->
            gateways.store.view(ref, 0) instanceof ViewReply.Found found
                && found.turn().end().equals(Optional.of(reason)));
  }

  /// Whether the whole answer was seen.
  boolean isDelivered(TurnRef ref) {
    return gateways.store.view(ref, 0) instanceof ViewReply.Found found
        && found.turn().state() == TurnState.DELIVERED;
  }

  /// Until a message is known as the conversation's newest question.
  void awaitNewest(Message question) {
    String conversation = TelegramAddress.conversation(telegram.bot().id(), chat.id(), 0);
    TurnRef ref = InboundMessage.refOf(conversation, "m" + question.id());
    await("the question is known")
        .atMost(LIMIT)
        .until(() -> gateways.store.newest(conversation).equals(Optional.of(ref)));
  }

  /// Until the answer is a part of the conversation.
  void awaitClosed(TurnRef ref) {
    await("the turn is closed")
        .atMost(LIMIT)
        .until(() ->
            gateways.store.view(ref, 0) instanceof ViewReply.Found found
                && found.turn().state().closed());
  }

  void goesOn(TurnRef ref, String word) {
    int n = said.merge(ref, 1, Integer::sum);
    gateways.say(ref, attempt(ref), n, word);
  }

  void ends(TurnRef ref, String text) {
    gateways.finish(ref, attempt(ref), text);
  }

  /// Ends an answer that may have been ended by others.
  Outcome tries(TurnRef ref, String text) {
    return gateways.finish(ref, attempt(ref), text);
  }

  /// Until the store knows the reply's message: before, whoever takes over has to doubt that there is one.
  void awaitPlaced(TurnRef ref) {
    await("the message is known")
        .atMost(LIMIT)
        .until(() ->
            gateways.store.view(ref, 0) instanceof ViewReply.Found found
                && !found.turn().parts().isEmpty());
  }

  private String attempt(TurnRef ref) {
    return requireNonNull(attempts.get(ref));
  }

  /// Ends all of it; no call may have broken a limit.
  @Override
  public void close() {
    servers.forEach(WebServer::stop);
    bots.forEach(TelegramBot::close);
    gateways.close();
    List<Violation> violations = telegram.violations();
    telegram.close();
    assertThat(violations).isEmpty();
  }
}
