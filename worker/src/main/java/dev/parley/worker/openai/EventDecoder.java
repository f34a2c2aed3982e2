package dev.parley.worker.openai;

import dev.parley.shared.openai.SseEvent;
import dev.parley.shared.openai.SseParser;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Puts server-sent events together from a stream's bytes, cut anywhere, also within a character. Lines
/// end with LF or CR LF.
final class EventDecoder {
  /// Bytes of one event; a thousand times what a server needs for a token with all its logprobs.
  static final int MAX_EVENT_BYTES = 1 << 20;

  private final SseParser parser = new SseParser();
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private int eventBytes;

  /// @return the data of the events that are complete now
  /// @throws FailedCall when an event is too long
  List<String> take(byte[] bytes) throws FailedCall {
    List<String> events = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '\n') {
        append(bytes, from, i);
        from = i + 1;
        String text = text();
        if (text.isEmpty()) {
          eventBytes = 0;
        }
        parser.line(text).map(SseEvent::data).ifPresent(events::add);
      }
    }
    append(bytes, from, bytes.length);
    return events;
  }

  private void append(byte[] bytes, int from, int to) throws FailedCall {
    eventBytes += to - from;
    if (eventBytes > MAX_EVENT_BYTES) {
      throw new FailedCall(
          Failure.nonsense("an event has more than " + MAX_EVENT_BYTES + " bytes"));
    }
    line.write(bytes, from, to - from);
  }

  private String text() {
    String text = line.toString(StandardCharsets.UTF_8);
    line.reset();
    return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
  }
}
