package dev.parley.shared.openai;

import java.util.Optional;

/// Which text may enter a prompt: Unicode without lone surrogates, and no control character but tab,
/// line feed and carriage return (no tokenizer was trained on the others, and logs and terminals act
/// on them).
public final class TextRules {
  private TextRules() {}

  /// What is wrong with the text, as the end of a sentence that begins with its name; empty if
  /// nothing is.
  public static Optional<String> fault(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (isControl(c)) {
        return Optional.of("contains the control character U+%04X at %d".formatted((int) c, i));
      }
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        return Optional.of("contains half a character (a lone surrogate) at %d".formatted(i));
      }
    }
    return Optional.empty();
  }

  private static boolean isControl(char c) {
    boolean allowed = c == '\t' || c == '\n' || c == '\r';
    return (c < ' ' && !allowed) || c == '\u007f';
  }
}
