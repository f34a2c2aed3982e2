package dev.parley.worker.model;

import dev.parley.shared.wire.ChatMessage;
import dev.parley.worker.llama.DecodeResult;
import dev.parley.worker.llama.SavedSequence;
import dev.parley.worker.llama.TokenBatch;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.util.List;

/// A language model as the engine's loop drives it: slots with a cache each, decode calls over rows,
/// a choice of the next token per output row.
///
/// [#info], [#prompt], [#bytes], [#isEnd] and [#load] may be called from any thread; everything else belongs to
/// the engine's.
public interface TokenModel extends AutoCloseable {

  ModelInfo info();

  /// Token ids of a conversation, ready for the answer to be generated.
  ///
  /// @throws PromptException when the messages cannot become a prompt
  int[] prompt(List<ChatMessage> messages);

  /// The bytes that a token adds to an answer's text.
  byte[] bytes(int token);

  /// Whether the token ends the answer (and is not part of it).
  boolean isEnd(int token);

  /// Computes the rows and appends them to their slots' caches.
  ///
  /// @param prefill whether these are prompt rows, which [#abortPrefill] may interrupt
  DecodeResult decode(TokenBatch batch, boolean prefill);

  /// Asks the running prefill call to end early. Any thread may.
  void abortPrefill();

  /// The next token after an output row of the last decode call; the next call overwrites the rows.
  ///
  /// @param answer that the token is for: the draw depends on its seed and number of tokens alone, so that
  ///     an answer continued elsewhere draws the same
  Choice choose(int row, SamplerState answer);

  /// Forgets a slot's tokens from a position on.
  ///
  /// @return false when the model cannot forget a part (then it must forget all)
  boolean forget(int slot, int position);

  /// Moves a slot's cache into an empty slot.
  void move(int fromSlot, int toSlot);

  /// Copies a slot's cache into host memory.
  SavedSequence save(int slot);

  /// A saved cache from what its [SavedSequence#writeTo] gave, by an engine of the same
  /// [ModelInfo#fingerprint] and [ModelInfo#cacheFormat].
  ///
  /// @throws IOException when the channel has fewer bytes, or cannot be read
  SavedSequence load(ReadableByteChannel channel, long bytes) throws IOException;

  /// Puts a saved cache into an empty slot.
  void restore(SavedSequence saved, int slot);

  @Override
  void close();
}
