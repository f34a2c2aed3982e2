package dev.parley.bench;

import com.fasterxml.jackson.annotation.JsonProperty;

/// What a figure is held against.
///
/// @param bound the least or the most that reaches it
record Target(String name, String unit, double measured, Sense sense, double bound) {

  /// On which side of the bound a figure is good.
  enum Sense {
    AT_LEAST("at least"),
    AT_MOST("at most");

    private final String words;

    Sense(String words) {
      this.words = words;
    }
  }

  static Target atLeast(Figure figure, double bound) {
    return new Target(figure.name(), figure.unit(), figure.value(), Sense.AT_LEAST, bound);
  }

  static Target atMost(Figure figure, double bound) {
    return new Target(figure.name(), figure.unit(), figure.value(), Sense.AT_MOST, bound);
  }

  @JsonProperty
  boolean reached() {
    return sense == Sense.AT_LEAST ? measured >= bound : measured <= bound;
  }

  String words() {
    return sense.words;
  }
}
