package dev.parley.worker.llama;

import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/// The KV cache of one sequence in host memory, opaque; closed by whoever holds it.
///
/// A context puts back what another one of the same [LlamaContext#stateFormat] saved, in this process or
/// another.
public interface SavedSequence extends AutoCloseable {

  /// Takes one in from a channel, the [#bytes] that another one's [#writeTo] gave; on any thread.
  ///
  /// @throws EOFException when the channel ends before
  static SavedSequence read(ReadableByteChannel channel, long bytes) throws IOException {
    return NativeSequence.read(channel, bytes);
  }

  long bytes();

  /// The same for one more holder, on any thread: the memory is given back when all have closed it.
  SavedSequence share();

  /// Writes its [#bytes] to a channel that blocks.
  void writeTo(WritableByteChannel channel) throws IOException;

  @Override
  void close();
}
