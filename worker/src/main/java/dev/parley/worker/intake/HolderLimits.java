package dev.parley.worker.intake;

/// How many prompts a worker holds.
///
/// @param slots answers it writes at once
/// @param extra interactive prompts beyond the slots
/// @param batch batch prompts
public record HolderLimits(int slots, int extra, int batch) {

  /// Least number of extra holders by default.
  private static final int LEAST_EXTRA = 16;

  public HolderLimits {
    if (slots < 1 || extra < 0 || batch < 0) {
      throw new IllegalArgumentException(
          "holders: %d slots, %d extra, %d batch".formatted(slots, extra, batch));
    }
  }

  /// The extra holders when nobody says otherwise: a quarter of the slots, at least 16.
  public static int defaultExtra(int slots) {
    return Math.max(LEAST_EXTRA, slots / 4);
  }

  int interactiveHolders() {
    return slots + extra;
  }
}
