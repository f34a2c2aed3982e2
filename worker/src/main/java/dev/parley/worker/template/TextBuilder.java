package dev.parley.worker.template;

import java.util.Arrays;

/// Puts a [Text] together piece by piece.
final class TextBuilder {
  private static final int FIRST_RUNS = 4;

  private final StringBuilder chars = new StringBuilder();
  private int[] ends = new int[FIRST_RUNS];
  private int[] origins = new int[FIRST_RUNS];
  private int runs;

  TextBuilder append(String piece) {
    return append(piece, 0, piece.length(), Segment.TEMPLATE);
  }

  TextBuilder append(Text piece) {
    piece.copyTo(this, 0, piece.length());
    return this;
  }

  TextBuilder append(String piece, int origin) {
    return append(piece, 0, piece.length(), origin);
  }

  TextBuilder append(String piece, int from, int to, int origin) {
    if (from == to) {
      return this;
    }
    chars.append(piece, from, to);
    if (runs == 0 || origins[runs - 1] != origin) {
      open(origin);
    }
    ends[runs - 1] = chars.length();
    return this;
  }

  private void open(int origin) {
    if (runs == ends.length) {
      ends = Arrays.copyOf(ends, runs * 2);
      origins = Arrays.copyOf(origins, runs * 2);
    }
    origins[runs] = origin;
    runs++;
  }

  int length() {
    return chars.length();
  }

  Text build() {
    return new Text(chars.toString(), Arrays.copyOf(ends, runs), Arrays.copyOf(origins, runs));
  }
}
