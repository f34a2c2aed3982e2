package dev.parley.bench;

import java.util.List;
import java.util.OptionalInt;

/// What a [CompletionClient] asks.
///
/// @param messages all of them, the system's first, so that no server adds one of its own
/// @param maxTokens of the answer
/// @param user who asks, for an engine that is fair between users; empty: not said
/// @param slot where llama-server is to compute it; a request to it alone may say so
record Question(
    List<Message> messages,
    int maxTokens,
    double temperature,
    long seed,
    String user,
    OptionalInt slot) {
  /// Has an API key of the whole path wherever keys are asked for.
  static final String ANYBODY = "anybody";

  Question {
    messages = List.copyOf(messages);
  }

  /// @param role `system`, `user` or `assistant`
  record Message(String role, String content) {}

  Question(String system, String user, int maxTokens, double temperature, long seed) {
    this(
        List.of(new Message("system", system), new Message("user", user)),
        maxTokens,
        temperature,
        seed,
        "",
        OptionalInt.empty());
  }

  /// The same, asked by somebody.
  Question by(String name) {
    return new Question(messages, maxTokens, temperature, seed, name, slot);
  }

  /// The same, in one of llama-server's slots.
  Question in(int wanted) {
    return new Question(messages, maxTokens, temperature, seed, user, OptionalInt.of(wanted));
  }
}
