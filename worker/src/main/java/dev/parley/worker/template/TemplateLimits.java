package dev.parley.worker.template;

/// What one template may cost. Templates come with model files, so they are untrusted programs.
///
/// @param sourceChars longest template source, in chars
/// @param nesting deepest nesting of blocks and expressions in the source
/// @param steps most evaluation steps of one rendering; 8 copied chars cost as much as a step
/// @param depth deepest evaluation, which bounds macro recursion and the Java stack
/// @param stringChars longest string value, the prompt included, in chars
/// @param rangeLength longest `range(...)`, in elements
public record TemplateLimits(
    int sourceChars, int nesting, long steps, int depth, int stringChars, int rangeLength) {

  /// Room for long conversations in any published template; a runaway one ends within a second.
  public static final TemplateLimits DEFAULT =
      new TemplateLimits(1_000_000, 100, 5_000_000, 500, 4_000_000, 100_000);

  /// Checks that every limit allows something.
  public TemplateLimits {
    if (sourceChars < 1
        || nesting < 1
        || steps < 1
        || depth < 1
        || stringChars < 1
        || rangeLength < 1) {
      throw new IllegalArgumentException("every template limit must be at least 1");
    }
  }
}
