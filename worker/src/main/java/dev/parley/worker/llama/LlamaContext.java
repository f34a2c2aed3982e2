package dev.parley.worker.llama;

/// The KV cache of a model with the calls that compute. Owned by one thread; [#abortPrefill] alone may be
/// called from any.
///
/// Logits belong to the last decode call: the next one overwrites them, so every row wanted must be
/// copied before it.
public interface LlamaContext extends AutoCloseable {

  ContextOptions options();

  /// Tokens that each slot really holds (the library rounds up).
  int tokensPerSlot();

  /// What must be the same in two contexts of one model for the one to put back what the other saved: the
  /// library's release, number and size of the slots, the cache's number format.
  String stateFormat();

  /// Computes the rows and puts them into the cache.
  ///
  /// @throws IllegalArgumentException when the batch breaks a rule that the library would answer with
  ///     the end of the process: too many rows or outputs, a slot, position or token out of range
  DecodeResult decode(TokenBatch batch);

  /// As [#decode], but [#abortPrefill] stops it early (on a CPU only).
  DecodeResult decodeAbortable(TokenBatch batch);

  /// Makes the running abortable decode call return [DecodeResult#ABORTED] soon, or the next one at once.
  void abortPrefill();

  /// Copies the logits of a row of the last decode call, which must have been an output row.
  ///
  /// @param into at least the vocabulary's size
  void logits(int row, float[] into);

  /// Forgets the slot's tokens from a position on.
  ///
  /// @return false when the model cannot forget a part (recurrent models)
  boolean removeFrom(int slot, int position);

  /// The first position in the cache, -1 when the slot is empty.
  int firstPosition(int slot);

  /// The last position in the cache, -1 when the slot is empty.
  int lastPosition(int slot);

  /// A copy of the slot's cache in host memory; milliseconds for thousands of tokens.
  SavedSequence save(int slot);

  /// Puts a copy into an empty slot of a context of the same model and [#stateFormat].
  void restore(SavedSequence saved, int slot);

  /// Moves the slot's cache into an empty slot.
  void move(int fromSlot, int toSlot);

  @Override
  void close();
}
