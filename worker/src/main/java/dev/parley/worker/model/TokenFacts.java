package dev.parley.worker.model;

import java.util.function.IntFunction;

/// What the sampler must know of a vocabulary. Not thread-safe: what was asked for is kept.
final class TokenFacts {
  private final int[] ends;
  private final IntFunction<byte[]> spelling;

  /// Bytes by token, each once it was asked for; most requests never ask.
  private byte[][] known = new byte[0][];

  /// @param ends tokens that end an answer
  /// @param spelling the bytes that a token adds to the text
  TokenFacts(int[] ends, IntFunction<byte[]> spelling) {
    this.ends = ends.clone();
    this.spelling = spelling;
  }

  int[] ends() {
    return ends;
  }

  boolean isEnd(int token) {
    for (int end : ends) {
      if (end == token) {
        return true;
      }
    }
    return false;
  }

  /// @param size of the vocabulary
  byte[] bytes(int token, int size) {
    if (known.length < size) {
      known = new byte[size][];
    }
    byte[] bytes = known[token];
    if (bytes == null) {
      bytes = spelling.apply(token);
      known[token] = bytes;
    }
    return bytes;
  }
}
