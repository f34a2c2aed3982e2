package dev.parley.shared.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/// "Did you mean": the known name nearest to a mistyped one.
public final class Suggestion {
  private Suggestion() {}

  /// The known name with the fewest edits (insert, delete, replace, swap neighbours), if at most a
  /// third of the word is wrong.
  public static Optional<String> nearest(String typed, Collection<String> known) {
    return known.stream()
        .min(Comparator.comparingInt(name -> distance(typed, name)))
        .filter(name -> distance(typed, name) <= Math.max(1, typed.length() / 3));
  }

  /// ` Did you mean X?`, or nothing.
  public static String sentence(String typed, Collection<String> known) {
    return nearest(typed, known).map(name -> " Did you mean " + name + "?").orElse("");
  }

  /// Optimal string alignment distance.
  static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        d[i][j] = i == 0 || j == 0 ? i + j : cheapest(d, a, b, i, j);
      }
    }
    return d[a.length()][b.length()];
  }

  private static int cheapest(int[][] d, String a, String b, int i, int j) {
    int replace = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
    int best = Math.min(replace, 1 + Math.min(d[i - 1][j], d[i][j - 1]));
    boolean swapped =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return swapped ? Math.min(best, d[i - 2][j - 2] + 1) : best;
  }
}
