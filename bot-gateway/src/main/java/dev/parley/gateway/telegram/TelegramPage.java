package dev.parley.gateway.telegram;

import dev.parley.gateway.telegram.markup.RichText;
import java.util.List;
import java.util.Optional;

/// One message: its text, and the rows of buttons under it; or a document and nothing else.
///
/// @param document what the document holds
record TelegramPage(RichText text, List<List<Button>> rows, Optional<String> document) {

  /// Of nothing, as only a draft may be.
  static final TelegramPage EMPTY = new TelegramPage(new RichText("", List.of()), List.of());

  /// @param data what comes back when it is pressed, 1 to 64 bytes
  record Button(String label, String data) {}

  TelegramPage {
    rows = rows.stream().map(List::copyOf).filter(row -> !row.isEmpty()).toList();
    if (document.isPresent() && !(text.isEmpty() && rows.isEmpty())) {
      throw new IllegalArgumentException("a document has neither text nor buttons");
    }
  }

  TelegramPage(RichText text, List<List<Button>> rows) {
    this(text, rows, Optional.empty());
  }

  static TelegramPage document(String text) {
    return new TelegramPage(EMPTY.text, List.of(), Optional.of(text));
  }
}
