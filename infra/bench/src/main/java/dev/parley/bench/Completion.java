package dev.parley.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// One streamed completion as its client saw it; times are of [System#nanoTime].
///
/// @param sentNanos just before the request was sent
/// @param pieceNanos when each piece of text had been read
/// @param text of the answer
/// @param finish why it ended, in the server's word: `stop`, `length`
/// @param tokens of the answer, as the server counts them
/// @param promptTokens of the prompt, as the server counts them
/// @param cachedTokens of the prompt that the server says it did not compute again; 0 when it does not say
record Completion(
    long sentNanos,
    List<Long> pieceNanos,
    String text,
    String finish,
    int tokens,
    int promptTokens,
    int cachedTokens) {
  Completion {
    pieceNanos = List.copyOf(pieceNanos);
    if (pieceNanos.isEmpty()) {
      throw new IllegalArgumentException("an answer without text cannot be timed");
    }
  }

  long firstNanos() {
    return pieceNanos.getFirst();
  }

  long lastNanos() {
    return pieceNanos.getLast();
  }

  /// Time to first token.
  Duration toFirst() {
    return Duration.ofNanos(firstNanos() - sentNanos);
  }

  /// Inter-token gaps: the times between pieces that followed each other.
  List<Duration> gaps() {
    List<Duration> gaps = new ArrayList<>();
    for (int i = 1; i < pieceNanos.size(); i++) {
      gaps.add(Duration.ofNanos(pieceNanos.get(i) - pieceNanos.get(i - 1)));
    }
    return gaps;
  }
}
