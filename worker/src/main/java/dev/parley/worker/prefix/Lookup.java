package dev.parley.worker.prefix;

import dev.parley.worker.llama.SavedSequence;

/// What a look-up came to.
public sealed interface Lookup {

  /// The tokens' cache was in a file. Whoever gets it closes it.
  // Ids are compared by content wherever they are, never with the record.
  @SuppressWarnings("ArrayRecordComponent")
  record Found(int[] tokens, SavedSequence saved) implements Lookup {}

  /// No file would spare more than is spared already.
  record Nothing() implements Lookup {}

  /// There was one, but it could not be read.
  record Unreadable() implements Lookup {}
}
