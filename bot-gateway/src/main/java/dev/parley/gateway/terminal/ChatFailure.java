package dev.parley.gateway.terminal;

/// No answer can be had; the message says why and what to do.
final class ChatFailure extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean refused;

  private ChatFailure(String message, boolean refused) {
    super(message);
    this.refused = refused;
  }

  /// The gateway took note and said no.
  static ChatFailure refused(String sentence) {
    return new ChatFailure(sentence, true);
  }

  static ChatFailure noGateway(String message) {
    return new ChatFailure(message, false);
  }

  /// Whether a gateway said no, rather than that none answered.
  boolean refused() {
    return refused;
  }
}
