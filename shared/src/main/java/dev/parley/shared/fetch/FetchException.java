package dev.parley.shared.fetch;

import java.io.Serial;

/// A library or a model is not there and could not be fetched, or is not what it should be. The
/// message is one line for the person who started the program, and says what to do.
public final class FetchException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  public FetchException(String message) {
    super(message);
  }

  public FetchException(String message, Throwable cause) {
    super(message, cause);
  }
}
