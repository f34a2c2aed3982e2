package dev.parley.gateway.telegram;

import java.util.List;
import java.util.Optional;

/// One of our messages as a turn's record names it: `123` a text, `d124` a document. Neither can be edited into the
/// other.
record SentMessage(int id, boolean document) {
  private static final String DOCUMENT = "d";

  /// @throws IllegalArgumentException when it is not of the form that [#toString] writes
  static SentMessage of(String name) {
    boolean document = name.startsWith(DOCUMENT);
    return new SentMessage(
        Integer.parseInt(document ? name.substring(DOCUMENT.length()) : name), document);
  }

  /// The one that has the buttons.
  static Optional<Integer> lastText(List<String> names) {
    return names.stream()
        .map(SentMessage::of)
        .filter(message -> !message.document())
        .map(SentMessage::id)
        .reduce((first, last) -> last);
  }

  @Override
  public String toString() {
    return (document ? DOCUMENT : "") + id;
  }
}
