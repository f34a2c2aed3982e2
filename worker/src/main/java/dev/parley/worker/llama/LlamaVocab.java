package dev.parley.worker.llama;

import java.util.List;

/// A model's vocabulary. Thread-safe.
public interface LlamaVocab {

  /// A token with a meaning to the model that no text should be able to spell.
  ///
  /// @param stripLeft whether the tokenizer eats the white space before it
  /// @param stripRight whether the tokenizer eats the white space after it
  record Special(int id, String text, boolean stripLeft, boolean stripRight) {}

  int size();

  /// Token ids of `text`, without a BOS.
  ///
  /// @param parseSpecial whether text like `<|im_start|>` becomes the special token; false for
  ///     everything a user wrote
  int[] tokenize(String text, boolean parseSpecial);

  /// The bytes a token stands for; none for a control token. They may be a part of a UTF-8 character.
  byte[] bytes(int token);

  /// Whether the token ends an answer.
  boolean isEnd(int token);

  /// The BOS token, or -1 when the vocabulary has none.
  int bos();

  /// Whether a prompt must begin with [#bos].
  boolean addsBos();

  /// The text of the BOS and EOS tokens as templates write them; empty when there is none.
  String bosText();

  String eosText();

  /// Control tokens, longest text first (the order in which the library looks for them).
  List<Special> specials();
}
