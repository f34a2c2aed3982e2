package dev.parley.shared.config;

import java.util.function.Function;

/// How the text of a setting becomes a value, and which values are allowed.
///
/// @param range what is allowed, for people: `1..256`, `f16|q8_0|q4_0`
/// @param parser throws [IllegalArgumentException] whose message completes "PARLEY_X ..."
record SettingKind<T>(String range, Function<String, T> parser) {
  T parse(String text) {
    return parser.apply(text);
  }
}
