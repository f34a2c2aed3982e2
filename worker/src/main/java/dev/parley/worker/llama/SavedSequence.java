package dev.parley.worker.llama;

/// The KV cache of one sequence in host memory, opaque; closed by whoever holds it.
public interface SavedSequence extends AutoCloseable {

  long bytes();

  @Override
  void close();
}
