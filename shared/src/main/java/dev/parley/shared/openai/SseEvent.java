package dev.parley.shared.openai;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// One server-sent event.
///
/// @param name the event's type; `message` when the stream names none
/// @param id what a client sends back as `Last-Event-ID` to resume behind this event
public record SseEvent(String name, Optional<String> id, String data) {
  private static final String DEFAULT_NAME = "message";
  private static final byte[] COMMENT = ": \n\n".getBytes(StandardCharsets.US_ASCII);

  public SseEvent {
    if (hasLineBreak(name) || id.filter(SseEvent::hasLineBreak).isPresent()) {
      throw new IllegalArgumentException("names and ids have no line breaks");
    }
  }

  public static SseEvent data(String data) {
    return new SseEvent(DEFAULT_NAME, Optional.empty(), data);
  }

  public static SseEvent named(String name, String data) {
    return new SseEvent(name, Optional.empty(), data);
  }

  public static SseEvent resumable(String name, String id, String data) {
    return new SseEvent(name, Optional.of(id), data);
  }

  /// What keeps an idle connection alive, and finds out whether it is; clients ignore it.
  public static byte[] comment() {
    return COMMENT.clone();
  }

  public byte[] encode() {
    StringBuilder text = new StringBuilder(data.length() + 32);
    if (!name.equals(DEFAULT_NAME)) {
      text.append("event: ").append(name).append('\n');
    }
    id.ifPresent(value -> text.append("id: ").append(value).append('\n'));
    data.lines().forEach(line -> text.append("data: ").append(line).append('\n'));
    if (data.isEmpty()) {
      text.append("data: \n");
    }
    return text.append('\n').toString().getBytes(StandardCharsets.UTF_8);
  }

  private static boolean hasLineBreak(String text) {
    return text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0;
  }
}
