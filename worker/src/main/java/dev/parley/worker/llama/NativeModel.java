package dev.parley.worker.llama;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.parley.worker.llama.LlamaException.Problem;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Optional;

/// [LlamaModel] by libllama.
final class NativeModel implements LlamaModel {
  private static final int META_BYTES = 4096;
  private static final int FLASH_ATTENTION_ON = 1;

  private final LlamaNative library;
  private final MemorySegment model;
  private final Path file;
  private final NativeVocab vocab;
  private boolean closed;

  NativeModel(LlamaNative library, MemorySegment model, Path file) {
    this.library = library;
    this.model = model;
    this.file = file;
    try {
      this.vocab = new NativeVocab(library, (MemorySegment) library.modelVocab.invokeExact(model));
    } catch (Throwable t) {
      throw LlamaNative.fault(t);
    }
  }

  @Override
  public Path file() {
    return file;
  }

  @Override
  public LlamaVocab vocab() {
    return vocab;
  }

  @Override
  public String description() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment text = arena.allocate(META_BYTES);
      int _ = (int) library.modelDescription.invokeExact(model, text, (long) META_BYTES);
      return text.getString(0);
    } catch (Throwable t) {
      throw LlamaNative.fault(t);
    }
  }

  @Override
  public Optional<String> meta(String key) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocateFrom(key);
      MemorySegment value = arena.allocate(META_BYTES);
      int length = (int) library.modelMeta.invokeExact(model, name, value, (long) META_BYTES);
      if (length >= META_BYTES) {
        value = arena.allocate(length + 1L);
        length = (int) library.modelMeta.invokeExact(model, name, value, length + 1L);
      }
      return length < 0 ? Optional.empty() : Optional.of(value.getString(0));
    } catch (Throwable t) {
      throw LlamaNative.fault(t);
    }
  }

  @Override
  public Optional<String> chatTemplate() {
    try {
      MemorySegment text =
          (MemorySegment) library.modelTemplate.invokeExact(model, MemorySegment.NULL);
      return Optional.of(LlamaNative.string(text)).filter(template -> !template.isEmpty());
    } catch (Throwable t) {
      throw LlamaNative.fault(t);
    }
  }

  @Override
  public int trainedContext() {
    try {
      return (int) library.modelTrainedContext.invokeExact(model);
    } catch (Throwable t) {
      throw LlamaNative.fault(t);
    }
  }

  @Override
  public boolean trimmable() {
    try {
      return (int) library.modelSlidingWindow.invokeExact(model) == 0
          && !(boolean) library.modelIsRecurrent.invokeExact(model)
          && !(boolean) library.modelIsHybrid.invokeExact(model);
    } catch (Throwable t) {
      throw LlamaNative.fault(t);
    }
  }

  @Override
  public double kvBytesPerToken(KvType type) {
    double heads = number("attention.head_count", 1);
    double keyLength = number("attention.key_length", number("embedding_length", 0) / heads);
    double valueLength = number("attention.value_length", keyLength);
    double values =
        number("block_count", 0)
            * number("attention.head_count_kv", heads)
            * (keyLength + valueLength);
    return values * type.bitsPerValue() / Byte.SIZE;
  }

  /// A number of the architecture's own metadata. Models whose layers differ write a list: its first
  /// number stands for all.
  private double number(String key, double otherwise) {
    String prefix = meta("general.architecture").orElse("");
    return meta(prefix + "." + key)
        .map(text -> text.replaceAll("^\\[?\\s*([0-9.]+).*$", "$1"))
        .map(Double::parseDouble)
        .orElse(otherwise);
  }

  @Override
  public LlamaContext newContext(ContextOptions options) {
    NativeLog.takeFirstError();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment params = NativeGuards.contextParams(library, arena);
      fill(params, options);
      MemorySegment context = (MemorySegment) library.contextNew.invokeExact(model, params);
      if (context.equals(MemorySegment.NULL)) {
        throw refused(options);
      }
      return new NativeContext(library, context, options, vocab.size());
    } catch (LlamaException e) {
      throw e;
    } catch (Throwable t) {
      throw LlamaNative.fault(t);
    }
  }

  private LlamaException refused(ContextOptions options) {
    return new LlamaException(
        Problem.CONTEXT_REFUSED,
        "no room for "
            + options.slots()
            + " slots of "
            + options.tokensPerSlot()
            + " tokens ("
            + NativeLog.takeFirstError().strip()
            + "): lower PARLEY_SLOTS or PARLEY_CONTEXT, or use a smaller PARLEY_KV_TYPE");
  }

  /// Streams (`kv_unified` off): each slot has its own cache, so a sequence never pays for the others'
  /// length. Outputs are one a slot: the default would reserve a row of logits for every batch row.
  private static void fill(MemorySegment params, ContextOptions options) {
    params.set(JAVA_INT, LlamaNative.CONTEXT_N_CTX, options.slots() * options.tokensPerSlot());
    params.set(JAVA_INT, LlamaNative.CONTEXT_N_BATCH, options.batchTokens());
    params.set(JAVA_INT, LlamaNative.CONTEXT_N_UBATCH, options.batchTokens());
    params.set(JAVA_INT, LlamaNative.CONTEXT_N_SEQ_MAX, options.slots());
    params.set(JAVA_INT, LlamaNative.CONTEXT_N_OUTPUTS_MAX, options.slots());
    params.set(JAVA_INT, LlamaNative.CONTEXT_N_THREADS, options.threads());
    params.set(JAVA_INT, LlamaNative.CONTEXT_N_THREADS_BATCH, options.threads());
    params.set(JAVA_INT, LlamaNative.CONTEXT_FLASH_ATTENTION, FLASH_ATTENTION_ON);
    params.set(JAVA_INT, LlamaNative.CONTEXT_TYPE_K, options.kvType().ggmlType());
    params.set(JAVA_INT, LlamaNative.CONTEXT_TYPE_V, options.kvType().ggmlType());
    params.set(JAVA_BYTE, LlamaNative.CONTEXT_KV_UNIFIED, (byte) 0);
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      library.modelFree.invokeExact(model);
    } catch (Throwable t) {
      throw LlamaNative.fault(t);
    }
  }
}
