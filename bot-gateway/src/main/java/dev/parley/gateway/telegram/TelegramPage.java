package dev.parley.gateway.telegram;

import dev.parley.gateway.telegram.markup.RichText;
import java.util.List;

/// One message: its text, and the rows of buttons under it.
record TelegramPage(RichText text, List<List<Button>> rows) {

  /// Of nothing, as only a draft may be.
  static final TelegramPage EMPTY = new TelegramPage(new RichText("", List.of()), List.of());

  /// @param data what comes back when it is pressed, 1 to 64 bytes
  record Button(String label, String data) {}

  TelegramPage {
    rows = rows.stream().map(List::copyOf).filter(row -> !row.isEmpty()).toList();
  }
}
