package dev.parley.standalone;

import java.io.Serial;

/// Something that should run does not start. The message is for the person at the terminal.
public final class StartException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  public StartException(String message) {
    super(message);
  }
}
