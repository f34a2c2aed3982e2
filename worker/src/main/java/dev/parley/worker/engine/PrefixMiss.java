package dev.parley.worker.engine;

import java.util.Locale;

/// Why a prompt was computed from its first token on.
public enum PrefixMiss {
  /// Nothing in its cache scope began like it. Whether another scope has it is nobody's business.
  UNKNOWN,
  /// What began like it was given up for others: `PARLEY_PREFIX_CACHE_MIB` is small.
  EVICTED,
  /// It has less than two chunks: the last one is computed in any case.
  SHORT,
  /// Something began like it, but this model cannot forget where that goes on otherwise.
  UNTRIMMABLE,
  /// It was in a file that could not be read.
  UNREADABLE,
  /// It was in a file, but all memory for beginnings was promised to others.
  NO_ROOM;

  /// As metrics say it.
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
