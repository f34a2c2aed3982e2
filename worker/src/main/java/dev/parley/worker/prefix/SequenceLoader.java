package dev.parley.worker.prefix;

import dev.parley.worker.llama.SavedSequence;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;

/// Takes in what a [SavedSequence] wrote, on any thread.
public interface SequenceLoader {

  /// @throws IOException when the channel has fewer bytes, or cannot be read
  SavedSequence load(ReadableByteChannel channel, long bytes) throws IOException;
}
