package dev.parley.shared.openai;

/// A request that was read: good, or refused with the one error to answer.
public sealed interface Parsed<T> {

  record Valid<T>(T value) implements Parsed<T> {}

  record Invalid<T>(ApiError error) implements Parsed<T> {}
}
