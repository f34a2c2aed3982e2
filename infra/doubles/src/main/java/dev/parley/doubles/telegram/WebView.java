package dev.parley.doubles.telegram;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Pages for people: the list of chats at `/`, a chat at `/chat/<id>` that shows itself anew at every change, where one
/// can write, press buttons and stop a draft.
final class WebView {
  private static final Pattern CHAT = Pattern.compile("/chat/(-?\\d{1,18})(?:/([a-z]+))?");
  private static final long REFRESH_MS = 2_000;

  private final Monitor monitor;
  private final TelegramServer server;
  private final TelegramUsers users;

  WebView(Monitor monitor, TelegramServer server, TelegramUsers users) {
    this.monitor = monitor;
    this.server = server;
    this.users = users;
  }

  void serve(HttpExchange exchange, String path) throws IOException, InterruptedException {
    Matcher chat = CHAT.matcher(path);
    switch (path) {
      case "/" -> html(exchange, list());
      case "/view.css" -> BotHttp.send(exchange, 200, "text/css", resource("view.css"));
      case "/view.js" -> BotHttp.send(exchange, 200, "text/javascript", resource("view.js"));
      default -> {
        Optional<ChatState> state =
            chat.matches()
                ? monitor.look(now -> server.world().chat(Long.parseLong(chat.group(1))))
                : Optional.empty();
        if (state.isEmpty()) {
          BotHttp.send(exchange, 404, "text/plain", "There is no such page.");
        } else {
          serveChat(exchange, state.get(), Optional.ofNullable(chat.group(2)).orElse(""));
        }
      }
    }
  }

  private void serveChat(HttpExchange exchange, ChatState chat, String part)
      throws IOException, InterruptedException {
    switch (part) {
      case "" -> html(exchange, page(chat));
      case "messages" -> messages(exchange, chat);
      case "say" -> say(exchange, chat);
      case "press" -> press(exchange, chat);
      case "stop" -> stop(exchange, chat);
      default -> BotHttp.send(exchange, 404, "text/plain", "There is no such page.");
    }
  }

  private String list() {
    List<Transcript> chats =
        monitor.look(now -> server.world().chats().stream().map(ChatState::transcript).toList());
    return ChatHtml.list(chats);
  }

  private String page(ChatState chat) {
    List<User> people = users.members(chat.chat());
    long revision = monitor.revision();
    return monitor.look(now -> ChatHtml.page(chat.transcript(), people, revision, now));
  }

  /// The messages once there was a change after the revision that the page has, or after a while, since what the bot is
  /// doing ends by itself.
  private void messages(HttpExchange exchange, ChatState chat)
      throws IOException, InterruptedException {
    long revision = monitor.awaitAfter(HttpArgs.read(exchange).number("after", 0), REFRESH_MS);
    exchange.getResponseHeaders().set("X-Revision", Long.toString(revision));
    html(exchange, monitor.look(now -> ChatHtml.messages(chat.transcript(), now)));
  }

  private void say(HttpExchange exchange, ChatState chat) throws IOException {
    Args form = HttpArgs.read(exchange);
    Optional<User> user = user(form);
    String text = form.text("text");
    if (user.isPresent()
        && FormattedText.visible(text)
        && text.length() <= FormattedText.MAX_TEXT) {
      users.says(user.get(), chat.chat(), text);
    }
    BotHttp.send(exchange, 204, "text/plain", "");
  }

  private void press(HttpExchange exchange, ChatState chat) throws IOException {
    Args form = HttpArgs.read(exchange);
    Optional<User> user = user(form);
    Optional<Message> message = monitor.look(now -> chat.message(form.id("message")));
    Optional<Button> button =
        message.flatMap(m -> m.latest().allButtons().skip(form.id("button")).findFirst());
    if (user.isPresent() && button.flatMap(Button::data).isPresent()) {
      users.presses(user.get(), message.orElseThrow(), button.get().text());
    }
    BotHttp.send(exchange, 204, "text/plain", "");
  }

  private void stop(HttpExchange exchange, ChatState chat) throws IOException {
    if (monitor.look(now -> chat.visibleDraft(now).filter(Draft::canStop)).isPresent()) {
      users.stopsDraft(chat.chat());
    }
    BotHttp.send(exchange, 204, "text/plain", "");
  }

  private Optional<User> user(Args form) {
    return monitor.look(now -> server.world().user(form.number("user", 0)));
  }

  private static void html(HttpExchange exchange, String body) throws IOException {
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    exchange.getResponseHeaders().set("Content-Security-Policy", "default-src 'self'");
    BotHttp.send(exchange, 200, "text/html", body);
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = WebView.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
