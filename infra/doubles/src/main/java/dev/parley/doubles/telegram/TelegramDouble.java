package dev.parley.doubles.telegram;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// Telegram on this machine, for one bot: an HTTP server to call, people who talk, and a view of all that happens.
///
/// ```java
/// try (TelegramDouble telegram = TelegramDouble.start()) {
///   User ada = telegram.users().person("Ada");
///   Chat chat = telegram.users().privateChat(ada);
///   // ... start the bot with telegram.url() and telegram.token()
///   Message asked = telegram.users().says(ada, chat, "Hello");
///   telegram.await(chat, t -> !t.repliesTo(asked).isEmpty(), Duration.ofSeconds(5));
/// }
/// ```
///
/// All methods may be called from any thread.
public final class TelegramDouble implements AutoCloseable {
  private static final long BOT_ID = 4_242_424_242L;

  private final TelegramOptions options;
  private final Monitor monitor;
  private final TelegramServer server;
  private final TelegramUsers users;
  private final BotHttp http;
  private final WebhookSender webhooks;

  private TelegramDouble(TelegramOptions options) throws IOException {
    this.options = options;
    this.monitor = new Monitor(options.clockMs());
    User bot = new User(BOT_ID, true, "Parley", Optional.of(options.botName()), Optional.empty());
    this.server = new TelegramServer(bot, options.rules());
    this.users = new TelegramUsers(monitor, server);
    WebView view = new WebView(monitor, server, users);
    this.http = BotHttp.start(monitor, server, view, options.token(), options.port());
    this.webhooks = WebhookSender.start(monitor, server);
  }

  /// Starts on a free port with Telegram's flood limits.
  public static TelegramDouble start() {
    return start(TelegramOptions.defaults());
  }

  /// @throws UncheckedIOException when the port is taken
  public static TelegramDouble start(TelegramOptions options) {
    try {
      return new TelegramDouble(options);
    } catch (IOException e) {
      throw new UncheckedIOException("port " + options.port() + " cannot be bound", e);
    }
  }

  /// Without a path, in place of Telegram's own address.
  public URI url() {
    return URI.create("http://127.0.0.1:" + port());
  }

  public int port() {
    return http.port();
  }

  public String token() {
    return options.token();
  }

  /// The bot as others see it.
  public User bot() {
    return server.world().bot();
  }

  /// The people.
  public TelegramUsers users() {
    return users;
  }

  /// What goes wrong.
  public Faults faults() {
    return server.faults();
  }

  /// Other flood limits from now on.
  public void limits(FloodRules rules) {
    monitor.run(now -> server.limits().rules(rules));
  }

  /// Whether the bot hears in groups only what concerns it; so it is from the start.
  public void privacyMode(boolean on) {
    monitor.run(now -> server.world().privacy(on));
  }

  /// Whether the server knows drafts; so it is from the start, and servers before version 9.3 do not.
  public void knowsDrafts(boolean known) {
    monitor.run(now -> server.knows(Method.SEND_MESSAGE_DRAFT, known));
  }

  /// A share of the updates from now on is delivered twice: posted to the webhook at the same time, or answered to a
  /// later poll though the bot has confirmed them.
  ///
  /// @param share from 0 to 1
  /// @param seed the same seed and the same updates give the same repeats
  public void repeatUpdates(double share, long seed) {
    monitor.run(now -> server.updates().repeat(share, seed));
  }

  /// Where posts to the webhook go, in place of the address that the bot sets.
  public void webhookRoute(WebhookRoute route) {
    monitor.run(now -> server.webhook().route(route));
  }

  /// The chats, the oldest first.
  public List<Chat> chats() {
    return monitor.look(now -> server.world().chats().stream().map(ChatState::chat).toList());
  }

  /// A chat as it is now.
  public Transcript transcript(Chat chat) {
    return monitor.look(now -> server.world().require(chat).transcript());
  }

  /// Waits until a chat looks a certain way; looks again at each change, never in between.
  ///
  /// @param limit in real time
  /// @return the chat as it then was
  /// @throws AssertionError when that does not come in time; says what the chat looks like
  public Transcript await(Chat chat, Predicate<Transcript> condition, Duration limit)
      throws InterruptedException {
    return monitor
        .await(
            now -> Optional.of(server.world().require(chat).transcript()).filter(condition), limit)
        .orElseThrow(
            () -> new AssertionError("not seen within " + limit + " in " + transcript(chat)));
  }

  /// Waits until there were calls of a certain kind.
  ///
  /// @param condition on all calls so far
  /// @param limit in real time
  /// @throws AssertionError when that does not come in time
  public List<Call> awaitCalls(Predicate<List<Call>> condition, Duration limit)
      throws InterruptedException {
    return monitor
        .await(now -> Optional.of(server.log().calls()).filter(condition), limit)
        .orElseThrow(() -> new AssertionError("not seen within " + limit + " in " + calls()));
  }

  /// The calls that came in, the last 200,000 at most.
  public List<Call> calls() {
    return monitor.look(now -> server.log().calls());
  }

  /// Those of one method.
  public List<Call> calls(Method method) {
    return calls().stream().filter(call -> call.method() == method).toList();
  }

  /// How many calls of a method ever came in.
  public long count(Method method) {
    return monitor.look(now -> server.log().count(method));
  }

  /// Broken flood limits.
  public List<Violation> violations() {
    return monitor.look(now -> server.limits().violations());
  }

  /// Updates that the bot has not confirmed.
  public int pendingUpdates() {
    return monitor.look(now -> server.updates().pendingCount());
  }

  /// The commands that the bot set.
  ///
  /// @param scope a type such as `all_private_chats`, or `chat:ID`
  /// @param language two letters, or empty
  public List<BotCommand> commands(String scope, String language) {
    return monitor.look(now -> server.commands().list(scope, language));
  }

  /// The content of a file that somebody sent.
  public byte[] bytes(Attachment attachment) {
    return monitor.look(now ->
        server
            .world()
            .files()
            .byId(attachment.fileId())
            .map(file -> file.bytes().clone())
            .orElseThrow(() -> new IllegalArgumentException("no " + attachment.fileId())));
  }

  /// Waits until somebody closes it.
  void awaitClosed() throws InterruptedException {
    monitor.awaitClosed();
  }

  @Override
  public void close() {
    webhooks.close();
    http.close();
  }
}
