package dev.parley.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;

/// Sends signals that Java has no call for.
public final class Signals {
  private Signals() {}

  /// @param signal its name: `STOP`, `CONT`
  public static void send(String signal, long pid) {
    try {
      int code = new ProcessBuilder("kill", "-" + signal, Long.toString(pid)).start().waitFor();
      if (code != 0) {
        throw new IllegalStateException("kill -" + signal + " " + pid + " ended with " + code);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
