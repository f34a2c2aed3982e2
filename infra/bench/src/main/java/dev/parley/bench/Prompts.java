package dev.parley.bench;

import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/// Made-up prompts of wanted lengths in tokens. Those of another seed differ from the first word of the user's
/// message on, so that no cache of an earlier round answers for an engine.
///
/// A token is taken for a word: every word here is one token of SmolLM2's vocabulary, others are close. The
/// report says what the servers counted.
final class Prompts {
  static final String SYSTEM = "You are a helpful assistant.";

  /// What the chat template and [#SYSTEM] add.
  private static final int TEMPLATE_TOKENS = 20;

  private static final List<String> NOUNS =
      List.of(
          "river",
          "house",
          "garden",
          "window",
          "morning",
          "winter",
          "teacher",
          "engine",
          "mountain",
          "letter",
          "market",
          "bridge",
          "forest",
          "island",
          "doctor",
          "summer",
          "village",
          "kitchen",
          "paper",
          "silver",
          "station",
          "animal",
          "color",
          "music",
          "picture",
          "road",
          "story",
          "table",
          "water",
          "yellow");

  private static final List<String> TOPICS =
      List.of(
          "lighthouse", "railway", "orchard", "harbour", "library", "glacier", "bakery", "theatre");

  private final Random random;

  Prompts(long seed) {
    this.random = new Random(seed);
  }

  /// A question whose answer is long.
  ///
  /// @param tokens of the whole prompt
  String story(int tokens) {
    String ask =
        pick(NOUNS)
            + " "
            + (100 + random.nextInt(900))
            + ": write a very long story about the old "
            + pick(TOPICS)
            + " and the people who live there, with many chapters. Use these words:";
    return filled(ask, tokens - TEMPLATE_TOKENS);
  }

  /// A question whose answer is short.
  ///
  /// @param tokens of the whole prompt
  String question(int tokens) {
    String ask = pick(NOUNS) + " " + (100 + random.nextInt(900)) + ": which is best?";
    return filled(ask, tokens - TEMPLATE_TOKENS);
  }

  /// Instructions for the model, as a company's assistant would have them.
  ///
  /// @param tokens of it alone
  String system(int tokens) {
    String text = "Case " + random.nextInt(1_000_000) + ". You help people. Know these words:";
    return filled(text, tokens);
  }

  /// A greedy question of these lengths.
  Question ask(int promptTokens, int maxTokens) {
    return new Question(SYSTEM, story(promptTokens), maxTokens, 0, 1);
  }

  private String filled(String begin, int tokens) {
    int rest = Math.max(0, tokens - tokens(begin));
    return begin
        + random
            .ints(rest, 0, NOUNS.size())
            .mapToObj(i -> " " + NOUNS.get(i))
            .collect(Collectors.joining());
  }

  /// Words, and the digits and signs between them, which are a token each.
  private static int tokens(String text) {
    long signs = text.chars().filter(c -> !Character.isLetter(c) && c != ' ').count();
    return text.split("[^a-zA-Z]+").length + (int) signs;
  }

  private String pick(List<String> words) {
    return words.get(random.nextInt(words.size()));
  }
}
