package dev.parley.gateway.telegram;

import dev.parley.gateway.telegram.markup.RichText;
import java.util.List;

/// One message of a reply: its text, and the buttons under it.
record TelegramPage(RichText text, List<Button> buttons) {

  /// @param data what comes back when it is pressed, 1 to 64 bytes
  record Button(String label, String data) {}

  TelegramPage {
    buttons = List.copyOf(buttons);
  }
}
