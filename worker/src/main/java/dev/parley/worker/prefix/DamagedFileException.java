package dev.parley.worker.prefix;

import java.io.IOException;

/// A file is not what it should be.
final class DamagedFileException extends IOException {
  private static final long serialVersionUID = 1;

  DamagedFileException(String what) {
    super(what);
  }
}
