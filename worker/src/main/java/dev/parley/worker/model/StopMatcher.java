package dev.parley.worker.model;

import java.util.List;

/// Finds stop strings in a text that arrives in pieces.
///
/// Text that may be the beginning of a stop string is held back until the next piece decides, so no part
/// of a stop string ever becomes visible. What becomes visible depends on the text alone, not on
/// where it was cut. Not thread-safe.
final class StopMatcher {
  private final List<String> stops;
  private final StringBuilder held = new StringBuilder();
  private boolean stopped;

  StopMatcher(List<String> stops) {
    this.stops = List.copyOf(stops);
  }

  /// Takes the next piece and gives what is now certain to be before any stop string.
  String append(String piece) {
    if (stopped) {
      return "";
    }
    held.append(piece);
    int stop = firstStop();
    if (stop >= 0) {
      stopped = true;
      return release(stop);
    }
    return release(held.length() - undecided());
  }

  /// The text has ended: what was held back was no stop string after all.
  String finish() {
    return stopped ? "" : release(held.length());
  }

  boolean stopped() {
    return stopped;
  }

  /// Where the stop string begins that is complete first, or -1. Of two that overlap the one that ends
  /// first counts: a longer one that began before it cannot be waited for without looking ahead.
  private int firstStop() {
    int firstEnd = Integer.MAX_VALUE;
    int begin = -1;
    for (String stop : stops) {
      int at = held.indexOf(stop);
      if (at >= 0 && at + stop.length() <= firstEnd) {
        begin = at + stop.length() == firstEnd ? Math.min(begin, at) : at;
        firstEnd = at + stop.length();
      }
    }
    return begin;
  }

  /// Length of the longest end of the held text that a stop string begins with.
  private int undecided() {
    int longest = 0;
    for (String stop : stops) {
      int length = Math.min(stop.length() - 1, held.length());
      while (length > longest && !endsWithStartOf(stop, length)) {
        length--;
      }
      longest = Math.max(longest, length);
    }
    return longest;
  }

  private boolean endsWithStartOf(String stop, int length) {
    int from = held.length() - length;
    for (int i = 0; i < length; i++) {
      if (held.charAt(from + i) != stop.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private String release(int length) {
    String released = held.substring(0, length);
    held.delete(0, length);
    return released;
  }
}
