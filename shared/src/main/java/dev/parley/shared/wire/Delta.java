package dev.parley.shared.wire;

import java.util.List;

/// A piece of an answer on the live stream.
///
/// @param n its number, from 1, without holes within a turn's buffer
/// @param ids the tokens it adds; another worker continues the answer from them
/// @param text the text that became visible with them; may be empty while a character or a stop
///     string is incomplete
public record Delta(long n, List<Integer> ids, String text) {

  public Delta {
    ids = List.copyOf(ids);
    if (n < 1) {
      throw new IllegalArgumentException("deltas are numbered from 1, not " + n);
    }
  }
}
