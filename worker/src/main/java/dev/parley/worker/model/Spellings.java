package dev.parley.worker.model;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/// A vocabulary in the order of its spellings: tokens that add bytes to the text and end no answer. Tokens that begin
/// alike stand together.
final class Spellings {
  private final int[] tokens;
  private final byte[][] bytes;
  private final int[] common;
  private final int longest;

  /// @param size of the vocabulary
  Spellings(TokenFacts facts, int size) {
    Comparator<Integer> bySpelling =
        (a, b) -> Arrays.compareUnsigned(facts.bytes(a, size), facts.bytes(b, size));
    tokens =
        IntStream.range(0, size)
            .filter(token -> facts.bytes(token, size).length > 0 && !facts.isEnd(token))
            .boxed()
            .sorted(bySpelling)
            .mapToInt(Integer::intValue)
            .toArray();
    bytes = new byte[tokens.length][];
    common = new int[tokens.length];
    int most = 0;
    for (int i = 0; i < tokens.length; i++) {
      bytes[i] = facts.bytes(tokens[i], size);
      most = Math.max(most, bytes[i].length);
      int differs = i == 0 ? 0 : Arrays.mismatch(bytes[i - 1], bytes[i]);
      common[i] = differs < 0 ? bytes[i].length : differs;
    }
    longest = most;
  }

  int count() {
    return tokens.length;
  }

  /// @param place in the order, from 0
  int token(int place) {
    return tokens[place];
  }

  /// Not to be changed.
  byte[] bytes(int place) {
    return bytes[place];
  }

  /// How many bytes it begins with that the one before it begins with too.
  int common(int place) {
    return common[place];
  }

  /// Bytes of the longest.
  int longest() {
    return longest;
  }
}
