package dev.parley.bench;

import java.util.List;

/// One streamed completion as its client saw it; times are of [System#nanoTime].
///
/// @param sentNanos just before the request was sent
/// @param pieceNanos when each piece of text had been read
/// @param tokens of the answer, as the server counts them
/// @param promptTokens of the prompt, as the server counts them
record Completion(long sentNanos, List<Long> pieceNanos, int tokens, int promptTokens) {
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
}
