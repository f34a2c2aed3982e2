package dev.parley.doubles.telegram;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

/// A text with its entities as HTML, looking as Telegram shows it. Everything in the text is escaped.
final class EntityHtml {
  private final String text;
  private final List<Entity> entities;
  private final StringBuilder html = new StringBuilder();
  private final Deque<Entity> open = new ArrayDeque<>();

  private EntityHtml(String text, List<Entity> entities) {
    this.text = text;
    this.entities = entities.stream().sorted(Entity.OUTER_FIRST).toList();
  }

  static String of(String text, List<Entity> entities) {
    return new EntityHtml(text, entities).render();
  }

  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  private String render() {
    int next = 0;
    for (int at = 0; at <= text.length(); at++) {
      boolean block = closeAt(at);
      while (next < entities.size() && entities.get(next).offset() == at) {
        begin(entities.get(next));
        next++;
      }
      // A block ends its line by itself.
      if (at < text.length() && !(block && text.charAt(at) == '\n')) {
        html.append(escape(text.substring(at, at + 1)));
      }
    }
    return html.toString();
  }

  /// Ends what ends here. What was begun inside and goes on is ended and begun again, since HTML must nest.
  ///
  /// @return whether one of them is a block
  private boolean closeAt(int at) {
    boolean block = false;
    List<Entity> again = new ArrayList<>();
    while (open.stream().anyMatch(e -> e.end() == at)) {
      Entity inner = open.pop();
      html.append("</").append(tag(inner)).append('>');
      if (inner.end() != at) {
        again.add(inner);
      }
      block |= inner.type() == Entity.Type.PRE || inner.is(Entity.Group.QUOTE);
    }
    again.reversed().forEach(this::begin);
    return block;
  }

  private void begin(Entity entity) {
    open.push(entity);
    html.append('<').append(tag(entity));
    html.append(" class=\"").append(entity.type().wire()).append('"');
    if (tag(entity).equals("a")) {
      String url = url(entity);
      if (!url.isEmpty()) {
        html.append(" rel=\"noreferrer\" target=\"_blank\" href=\"")
            .append(escape(url))
            .append('"');
      }
    } else if (entity.type() == Entity.Type.PRE) {
      entity
          .argument()
          .ifPresent(l -> html.append(" data-language=\"").append(escape(l)).append('"'));
    }
    html.append('>');
  }

  /// Only addresses of the web; nothing that a browser would run.
  private String url(Entity entity) {
    String url = entity.argument().orElse(entity.of(text));
    String lower = url.toLowerCase(Locale.ROOT);
    if (lower.startsWith("http://") || lower.startsWith("https://")) {
      return url;
    }
    boolean bare = entity.type() == Entity.Type.URL && !url.contains("://");
    return bare ? "http://" + url : "";
  }

  private static String tag(Entity entity) {
    return switch (entity.type()) {
      case BOLD -> "b";
      case ITALIC -> "i";
      case UNDERLINE -> "u";
      case STRIKETHROUGH -> "s";
      case CODE -> "code";
      case PRE -> "pre";
      case BLOCKQUOTE, EXPANDABLE_BLOCKQUOTE -> "blockquote";
      case URL, TEXT_LINK, TEXT_MENTION, MENTION, HASHTAG, CASHTAG, BOT_COMMAND, EMAIL -> "a";
      case PHONE_NUMBER, SPOILER, CUSTOM_EMOJI -> "span";
    };
  }
}
