package dev.parley.shared.openai;

import java.util.Optional;

/// Puts server-sent events together from a stream's lines (without their ends), after the WHATWG
/// rules that matter: fields, comments, several data lines. One parser serves one stream.
public final class SseParser {
  private final StringBuilder data = new StringBuilder();
  private String name = "";
  private Optional<String> id = Optional.empty();
  private boolean hasData;

  /// Takes the next line; an empty one completes the event, if there is one.
  public Optional<SseEvent> line(String line) {
    if (line.isEmpty()) {
      return complete();
    }
    int colon = line.indexOf(':');
    String field = colon < 0 ? line : line.substring(0, colon);
    String value = colon < 0 ? "" : line.substring(colon + 1);
    field(field, value.startsWith(" ") ? value.substring(1) : value);
    return Optional.empty();
  }

  private void field(String field, String value) {
    switch (field) {
      case "event" -> name = value;
      case "id" -> id = Optional.of(value);
      case "data" -> {
        if (hasData) {
          data.append('\n');
        }
        data.append(value);
        hasData = true;
      }
      default -> {
        // A comment (empty field name) or a field of a later version: ignored, as the rules say.
      }
    }
  }

  private Optional<SseEvent> complete() {
    Optional<SseEvent> event =
        hasData
            ? Optional.of(new SseEvent(name.isEmpty() ? "message" : name, id, data.toString()))
            : Optional.empty();
    data.setLength(0);
    name = "";
    hasData = false;
    return event;
  }
}
