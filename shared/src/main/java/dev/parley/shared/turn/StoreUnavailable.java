package dev.parley.shared.turn;

/// The store did not answer: whether the call took effect is unknown. Repeat it.
public final class StoreUnavailable extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public StoreUnavailable(String message, Throwable cause) {
    super(message, cause);
  }
}
