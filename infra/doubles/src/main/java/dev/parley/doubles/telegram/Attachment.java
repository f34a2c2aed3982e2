package dev.parley.doubles.telegram;

import java.util.Locale;

/// A file at a message; [TelegramDouble#bytes] has its content.
///
/// @param name empty when the sender gave none
/// @param size in bytes
public record Attachment(Kind kind, String fileId, String name, String mime, int size) {

  /// How a message carries the file.
  public enum Kind {
    DOCUMENT,
    PHOTO,
    STICKER,
    VOICE;

    String wire() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
