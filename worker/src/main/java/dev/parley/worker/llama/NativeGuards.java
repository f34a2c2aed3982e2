package dev.parley.worker.llama;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.parley.worker.llama.LlamaException.Problem;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.nio.file.Path;

/// Refuses a library that is not the pinned build, before a wrong offset can corrupt memory.
///
/// Two signs are checked: the release that the library names, and that its default parameters show their
/// known values at the known offsets (a struct that gained or lost a field does not).
final class NativeGuards {
  private NativeGuards() {}

  /// @throws LlamaException with [Problem#LIBRARY_WRONG]
  static void check(LlamaNative library, Path file) {
    String version = version(library);
    if (!version.equals(LlamaNative.RELEASE) && !version.startsWith(LlamaNative.RELEASE + "-")) {
      throw wrongLibrary(file, "it says that it is release " + version);
    }
    try (Arena arena = Arena.ofConfined()) {
      checkModelParams(modelParams(library, arena), file);
      checkContextParams(contextParams(library, arena), file);
    }
  }

  static LlamaException wrongLibrary(Path file, String sign) {
    return new LlamaException(
        Problem.LIBRARY_WRONG,
        file
            + " is not llama.cpp release v"
            + LlamaNative.RELEASE
            + ", which this worker is built for: "
            + sign
            + "; unset PARLEY_LIB_DIR to use the pinned one, or point it at that release");
  }

  static MemorySegment modelParams(LlamaNative library, Arena arena) {
    try {
      return (MemorySegment) library.modelDefaultParams.invokeExact((SegmentAllocator) arena);
    } catch (Throwable t) {
      throw LlamaNative.fault(t);
    }
  }

  static MemorySegment contextParams(LlamaNative library, Arena arena) {
    try {
      return (MemorySegment) library.contextDefaultParams.invokeExact((SegmentAllocator) arena);
    } catch (Throwable t) {
      throw LlamaNative.fault(t);
    }
  }

  private static String version(LlamaNative library) {
    try {
      return LlamaNative.string((MemorySegment) library.version.invokeExact());
    } catch (Throwable t) {
      throw LlamaNative.fault(t);
    }
  }

  private static void checkModelParams(MemorySegment params, Path file) {
    expectInt(params, "n_gpu_layers", LlamaNative.MODEL_GPU_LAYERS, -1, file);
    expectInt(params, "split_mode", LlamaNative.MODEL_SPLIT_MODE, 1, file);
    expectInt(params, "load_mode", LlamaNative.MODEL_LOAD_MODE, -1, file);
    expectInt(params, "lazy_mode", LlamaNative.MODEL_LAZY_MODE, 1, file);
    expectByte(params, "use_extra_bufts", LlamaNative.MODEL_USE_EXTRA_BUFTS, 1, file);
  }

  private static void checkContextParams(MemorySegment params, Path file) {
    expectInt(params, "n_ctx", LlamaNative.CONTEXT_N_CTX, 512, file);
    expectInt(params, "n_batch", LlamaNative.CONTEXT_N_BATCH, 2048, file);
    expectInt(params, "n_ubatch", LlamaNative.CONTEXT_N_UBATCH, 512, file);
    expectInt(params, "n_seq_max", LlamaNative.CONTEXT_N_SEQ_MAX, 1, file);
    expectInt(params, "n_outputs_max", LlamaNative.CONTEXT_N_OUTPUTS_MAX, 0, file);
    expectInt(params, "n_threads", LlamaNative.CONTEXT_N_THREADS, 4, file);
    expectInt(params, "n_threads_batch", LlamaNative.CONTEXT_N_THREADS_BATCH, 4, file);
    expectInt(params, "flash_attn_type", LlamaNative.CONTEXT_FLASH_ATTENTION, -1, file);
    expectInt(params, "type_k", LlamaNative.CONTEXT_TYPE_K, 1, file);
    expectInt(params, "type_v", LlamaNative.CONTEXT_TYPE_V, 1, file);
    expectByte(params, "no_perf", LlamaNative.CONTEXT_NO_PERF, 1, file);
    expectByte(params, "op_offload", LlamaNative.CONTEXT_OP_OFFLOAD, 1, file);
    expectByte(params, "swa_full", LlamaNative.CONTEXT_SWA_FULL, 1, file);
    expectByte(params, "kv_unified", LlamaNative.CONTEXT_KV_UNIFIED, 0, file);
  }

  private static void expectInt(
      MemorySegment params, String field, long offset, int expected, Path file) {
    expect(field, expected, params.get(JAVA_INT, offset), file);
  }

  private static void expectByte(
      MemorySegment params, String field, long offset, int expected, Path file) {
    expect(field, expected, params.get(JAVA_BYTE, offset), file);
  }

  private static void expect(String field, int expected, int actual, Path file) {
    if (actual != expected) {
      throw wrongLibrary(
          file, "the default of " + field + " is " + actual + " where it should be " + expected);
    }
  }
}
