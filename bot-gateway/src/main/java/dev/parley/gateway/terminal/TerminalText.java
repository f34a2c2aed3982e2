package dev.parley.gateway.terminal;

/// Text of a model, made harmless for a terminal: control characters could move the cursor, change
/// the title or answer for the user.
final class TerminalText {
  private static final int LAST_C1 = 0x9f;

  private TerminalText() {}

  static String safe(String text) {
    StringBuilder safe = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean layout = c == '\n' || c == '\t';
      boolean control = c < ' ' || (c >= 0x7f && c <= LAST_C1);
      safe.append(control && !layout ? '\ufffd' : c);
    }
    return safe.toString();
  }
}
