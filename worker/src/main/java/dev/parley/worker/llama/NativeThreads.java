package dev.parley.worker.llama;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// The CPU threads of one context, kept for its whole life: without them the library makes new ones for
/// every decode call.
final class NativeThreads implements AutoCloseable {
  /// `struct ggml_threadpool_params`, bytes.
  private static final long PARAMS_BYTES = 528;

  /// How long idle threads spin before they sleep: not at all, since the cores are wanted elsewhere
  /// between two calls.
  private static final int POLL = 0;

  private static final long PARAMS_POLL = 520;

  private final MemorySegment pool;
  private final MethodHandle free;

  /// @param threads that compute, the caller's own among them
  NativeThreads(LlamaNative library, int threads) {
    MethodHandle make =
        library.cpuFunction("ggml_threadpool_new", FunctionDescriptor.of(ADDRESS, ADDRESS));
    free = library.cpuFunction("ggml_threadpool_free", FunctionDescriptor.ofVoid(ADDRESS));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment params = arena.allocate(PARAMS_BYTES, Long.BYTES);
      library.threadpoolParams.invokeExact(params, threads);
      params.set(JAVA_INT, PARAMS_POLL, POLL);
      pool = (MemorySegment) make.invokeExact(params);
    } catch (Throwable t) {
      throw LlamaNative.fault(t);
    }
  }

  MemorySegment pool() {
    return pool;
  }

  @Override
  public void close() {
    try {
      free.invokeExact(pool);
    } catch (Throwable t) {
      throw LlamaNative.fault(t);
    }
  }
}
