package dev.parley.doubles.telegram;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;

/// A chat as HTML, as the person sees it who wrote there first.
final class ChatHtml {
  private static final long ACTION_SHOWN_MS = 5_000;
  private static final int SNIPPET = 80;
  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm").withZone(ZoneOffset.UTC);

  private final Transcript chat;
  private final long now;
  private final StringBuilder html = new StringBuilder();

  private ChatHtml(Transcript chat, long now) {
    this.chat = chat;
    this.now = now;
  }

  /// The messages, what the bot is doing, and the last notice it gave.
  static String messages(Transcript chat, long now) {
    ChatHtml page = new ChatHtml(chat, now);
    chat.visible().forEach(page::message);
    page.draft();
    page.typing();
    page.notice();
    return page.html.toString();
  }

  /// The whole page, with a box to write in.
  static String page(Transcript chat, List<User> people, long revision, long now) {
    String title = EntityHtml.escape(chat.chat().name());
    StringBuilder writers = new StringBuilder();
    for (User user : people) {
      writers
          .append("<option value=\"")
          .append(user.id())
          .append("\">")
          .append(EntityHtml.escape(user.firstName()))
          .append("</option>");
    }
    return frame(
        title,
        "<header><a href=\"/\">&#8592;</a> <b>"
            + title
            + "</b> <small>"
            + chat.chat().type().wire()
            + "</small></header><main id=\"messages\" data-revision=\""
            + revision
            + "\">"
            + messages(chat, now)
            + "</main><form id=\"write\"><select name=\"user\">"
            + writers
            + "</select><textarea name=\"text\" rows=\"1\" placeholder=\"Message\""
            + " autofocus></textarea><button>Send</button></form><script"
            + " src=\"/view.js\"></script>");
  }

  /// The chats, to choose from.
  static String list(List<Transcript> chats) {
    StringBuilder items = new StringBuilder();
    for (Transcript chat : chats) {
      String last = chat.visible().isEmpty() ? "" : snippet(chat.visible().getLast().text());
      items
          .append("<a class=\"chat\" href=\"/chat/")
          .append(chat.chat().id())
          .append("\"><b>")
          .append(EntityHtml.escape(chat.chat().name()))
          .append("</b><span>")
          .append(EntityHtml.escape(last))
          .append("</span></a>");
    }
    return frame("Chats", "<header><b>Chats</b></header><main class=\"list\">" + items + "</main>");
  }

  private static String frame(String title, String body) {
    return "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\""
        + " content=\"width=device-width\"><title>"
        + title
        + "</title><link rel=\"stylesheet\" href=\"/view.css\"></head><body>"
        + body
        + "</body></html>";
  }

  private void message(Message message) {
    if (message.service().isPresent()) {
      html.append("<p class=\"service\">").append(service(message)).append("</p>");
      return;
    }
    html.append("<article class=\"")
        .append(message.fromBot() ? "bot" : isMine(message) ? "person me" : "person")
        .append("\" data-id=\"")
        .append(message.id())
        .append("\">");
    if (chat.chat().type() != Chat.Type.PRIVATE) {
      html.append("<h2>").append(EntityHtml.escape(message.from().firstName()));
      topic(message)
          .ifPresent(
              name -> html.append(" <small># ").append(EntityHtml.escape(name)).append("</small>"));
      html.append("</h2>");
    }
    replied(message);
    message
        .attachment()
        .ifPresent(file ->
            html.append("<div class=\"file\">&#128206; ")
                .append(EntityHtml.escape(file.name()))
                .append(" <small>")
                .append(file.size())
                .append(" B</small></div>"));
    text(message.latest());
    html.append("<time>")
        .append(message.edited() ? "edited " : "")
        .append(CLOCK.format(Instant.ofEpochMilli(message.sentAtMs())))
        .append("</time></article>");
    buttons(message);
  }

  private boolean isMine(Message message) {
    return chat.messages().stream()
        .filter(m -> !m.fromBot())
        .findFirst()
        .filter(m -> m.from().id() == message.from().id())
        .isPresent();
  }

  /// The name of the topic in which it was said.
  private Optional<String> topic(Message message) {
    Optional<Message> created =
        message.topic().isPresent() ? chat.message(message.topic().getAsInt()) : Optional.empty();
    return created
        .flatMap(Message::service)
        .flatMap(service ->
            service instanceof Message.Service.TopicCreated topic
                ? Optional.of(topic.name())
                : Optional.empty());
  }

  private void replied(Message message) {
    Optional<Message> replied =
        message.replyTo().isPresent()
            ? chat.message(message.replyTo().getAsInt()).filter(m -> !m.deleted())
            : Optional.empty();
    replied.ifPresent(to ->
        html.append("<div class=\"reply\"><b>")
            .append(EntityHtml.escape(to.from().firstName()))
            .append("</b>")
            .append(EntityHtml.escape(snippet(message.quote().orElse(to.text()))))
            .append("</div>"));
  }

  private void text(Version version) {
    html.append("<div class=\"text\">")
        .append(EntityHtml.of(version.text(), version.entities()))
        .append("</div>");
  }

  private void buttons(Message message) {
    int index = 0;
    for (List<Button> row : message.latest().buttons()) {
      html.append("<div class=\"row\">");
      for (Button button : row) {
        html.append("<button data-message=\"")
            .append(message.id())
            .append("\" data-button=\"")
            .append(index++)
            .append("\">")
            .append(EntityHtml.escape(button.text()))
            .append("</button>");
      }
      html.append("</div>");
    }
  }

  private void draft() {
    Optional<Draft> seen = chat.openDraft().filter(draft -> draft.visible(now));
    if (seen.isEmpty()) {
      return;
    }
    html.append("<article class=\"bot draft\">");
    if (seen.get().text().isEmpty()) {
      html.append("<div class=\"text\">Thinking...</div>");
    } else {
      text(seen.get().latest());
    }
    html.append("</article>");
    if (seen.get().canStop()) {
      html.append("<div class=\"row\"><button data-stop>Stop</button></div>");
    }
  }

  private void typing() {
    if (chat.actions().isEmpty()) {
      return;
    }
    ChatAction last = chat.actions().getLast();
    boolean spoken =
        !chat.fromBot().isEmpty() && chat.fromBot().getLast().sentAtMs() >= last.atMs();
    if (!spoken && now - last.atMs() < ACTION_SHOWN_MS) {
      html.append("<p class=\"typing\">")
          .append(EntityHtml.escape(last.action().replace('_', ' ')))
          .append("...</p>");
    }
  }

  private void notice() {
    if (chat.presses().isEmpty()) {
      return;
    }
    chat.presses()
        .getLast()
        .answer()
        .filter(answer -> !answer.text().isEmpty() && now - answer.atMs() < ACTION_SHOWN_MS)
        .ifPresent(answer ->
            html.append("<p class=\"notice\">")
                .append(EntityHtml.escape(answer.text()))
                .append("</p>"));
  }

  private static String service(Message message) {
    return switch (message.service().orElseThrow()) {
      case Message.Service.Joined joined ->
          EntityHtml.escape(joined.user().firstName()) + " was added";
      case Message.Service.MigratedTo to -> "This group became a supergroup";
      case Message.Service.MigratedFrom from -> "This was a group";
      case Message.Service.TopicCreated topic ->
          "Topic &#171;" + EntityHtml.escape(topic.name()) + "&#187;";
    };
  }

  private static String snippet(String text) {
    String line = text.replace('\n', ' ');
    int shown = Math.min(SNIPPET, line.codePointCount(0, line.length()));
    String begin = line.substring(0, line.offsetByCodePoints(0, shown));
    return begin.length() < line.length() ? begin + "..." : begin;
  }
}
