package dev.parley.worker.llama;

import java.nio.file.Path;
import java.util.Optional;

/// A loaded model. Thread-safe; closed after its contexts.
public interface LlamaModel extends AutoCloseable {

  Path file();

  LlamaVocab vocab();

  /// One line: architecture, size, quantization.
  String description();

  /// A value of the file's metadata, such as `general.name`.
  Optional<String> meta(String key);

  /// The file's chat template in Jinja.
  Optional<String> chatTemplate();

  /// Tokens of context the model was trained for.
  int trainedContext();

  /// Bytes of KV cache that one token takes.
  double kvBytesPerToken(KvType type);

  /// Whether the end of a cached sequence can be forgotten: not with sliding windows, whose older cells
  /// are gone by then, nor with recurrent layers.
  boolean trimmable();

  /// @throws LlamaException with [LlamaException.Problem#CONTEXT_REFUSED]
  LlamaContext newContext(ContextOptions options);

  @Override
  void close();
}
