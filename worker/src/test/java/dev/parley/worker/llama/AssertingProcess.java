package dev.parley.worker.llama;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/// A process that asks the library for what it asserts nobody asks: a decode call with more rows than a batch has.
/// [LlamaContext#decode] would refuse it.
final class AssertingProcess {
  private AssertingProcess() {}

  /// @param arguments directory of the libraries, model file
  public static void main(String[] arguments) throws Throwable {
    Path libraries = Path.of(arguments[0]);
    Llama _ = Llama.open(libraries);
    LlamaNative library =
        new LlamaNative(
            libraries.resolve("libggml.v0.5.0.so"), libraries.resolve("libllama.v0.5.0.so"));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment model =
          (MemorySegment)
              library.modelLoad.invokeExact(
                  arena.allocateFrom(arguments[1]), NativeGuards.modelParams(library, arena));
      MemorySegment params = NativeGuards.contextParams(library, arena);
      params.set(JAVA_INT, LlamaNative.CONTEXT_N_BATCH, 64);
      MemorySegment context = (MemorySegment) library.contextNew.invokeExact(model, params);
      MemorySegment batch = arena.allocate(LlamaNative.BATCH);
      batch.set(JAVA_INT, LlamaNative.BATCH_TOKENS, 4096);
      batch.set(ADDRESS, LlamaNative.BATCH_TOKEN, arena.allocate(JAVA_INT, 4096));
      int result = (int) library.decode.invokeExact(context, batch);
      System.out.println("it lives on: " + result);
    }
  }
}
