package dev.parley.shared.wire;

/// Text or bytes that are not what this version of Parley exchanges. For a Kafka record: reject it
/// to the dead letters.
public final class WireException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public WireException(String message) {
    super(message);
  }

  public WireException(String message, Throwable cause) {
    super(message, cause);
  }
}
