package dev.parley.shared.grammar;

import dev.parley.shared.wire.ResponseFormat;
import java.util.Optional;

/// A grammar that has been read and found usable. Immutable and thread-safe; [GrammarState#start] follows it.
public final class Grammar {
  /// Largest counts in `{m,n}`, repetitions.
  public static final int MAX_REPETITIONS = 2_000;

  /// Most rules, each pair of parentheses counting as one.
  static final int MAX_RULES = 20_000;

  /// Most characters, sets and names in all rules together.
  static final int MAX_ELEMENTS = 200_000;

  /// Deepest nesting of parentheses.
  static final int MAX_PARENTHESES = 64;

  private static final String ANY_OBJECT = "{\"type\":\"object\"}";

  private final Rule root;

  Grammar(Rule root) {
    this.root = root;
  }

  /// Reads GBNF as llama.cpp's `grammars/README.md` describes it, but for tokens (`<...>`). The rule `root` is the
  /// whole text.
  ///
  /// @throws GrammarException when it is none, is beyond a limit, or is left-recursive
  public static Grammar parse(String gbnf) {
    return new GbnfParser(gbnf).grammar();
  }

  /// The grammar of a response format; none for any text.
  ///
  /// @throws GrammarException when it has none that can be used
  public static Optional<Grammar> of(ResponseFormat format) {
    return switch (format.kind()) {
      case TEXT -> Optional.empty();
      case JSON_OBJECT -> Optional.of(parse(JsonSchema.toGbnf(ANY_OBJECT)));
      case JSON_SCHEMA -> Optional.of(parse(JsonSchema.toGbnf(format.text())));
      case GRAMMAR -> Optional.of(parse(format.text()));
    };
  }

  Rule root() {
    return root;
  }
}
