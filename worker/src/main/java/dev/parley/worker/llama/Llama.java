package dev.parley.worker.llama;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.parley.worker.llama.LlamaException.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The loaded library. A process loads one, once: its backends and its log are global.
///
/// ```
/// Llama llama = Llama.open(libraryDirectory);
/// try (LlamaModel model = llama.loadModel(file, -1);
///     LlamaContext context = model.newContext(options)) { ... }
/// ```
public final class Llama {
  /// Pairs of (registry, llama) file names, by build: CPU, CUDA, and what a build from source makes.
  private static final List<String[]> FILE_NAMES =
      List.of(
          new String[] {"libggml.v0.5.0.so", "libllama.v0.5.0.so"},
          new String[] {"libggml.cuda.v0.5.0.so", "libllama.cuda.v0.5.0.so"},
          new String[] {"libggml.so", "libllama.so"});

  /// Of glibc's `malloc.h`.
  private static final int M_MMAP_THRESHOLD = -3;

  private static final int LARGE_BLOCK_BYTES = 1 << 20;
  private static final byte[] GGUF_MAGIC = "GGUF".getBytes(StandardCharsets.US_ASCII);

  private static @Nullable Llama loaded;

  private final Path directory;
  private final LlamaNative library;

  private Llama(Path directory, LlamaNative library) {
    this.directory = directory;
    this.library = library;
  }

  /// Loads the library from a directory that holds libggml, libllama and the backends.
  ///
  /// @throws LlamaException when it is missing or another build
  public static synchronized Llama open(Path directory) {
    Path wanted = directory.toAbsolutePath().normalize();
    if (loaded == null) {
      loaded = load(wanted);
    } else if (!loaded.directory.equals(wanted)) {
      throw new LlamaException(
          Problem.LIBRARY_WRONG,
          "this process has loaded libllama from "
              + loaded.directory
              + " already: start another process for "
              + wanted);
    }
    return loaded;
  }

  /// Whether models are computed on a GPU: this build has a backend for one, and the machine has one.
  public boolean usesGpu() {
    try {
      return (boolean) library.usesGpu.invokeExact();
    } catch (Throwable t) {
      throw LlamaNative.fault(t);
    }
  }

  /// Loads a model.
  ///
  /// @param gpuLayers layers to put on a GPU, -1 for all that fit; without a GPU it has no effect
  /// @throws LlamaException when the file is missing or damaged
  public LlamaModel loadModel(Path file, int gpuLayers) {
    checkReadable(file);
    NativeLog.takeFirstError();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment params = NativeGuards.modelParams(library, arena);
      params.set(JAVA_INT, LlamaNative.MODEL_GPU_LAYERS, gpuLayers);
      MemorySegment path = arena.allocateFrom(file.toAbsolutePath().toString());
      MemorySegment model = loadNative(path, params);
      if (model.equals(MemorySegment.NULL)) {
        throw new LlamaException(
            Problem.MODEL_DAMAGED,
            "model file "
                + file
                + " cannot be loaded ("
                + reason()
                + "): fetch it again, or name another with --model");
      }
      return new NativeModel(library, model, file);
    }
  }

  private MemorySegment loadNative(MemorySegment path, MemorySegment params) {
    try {
      return (MemorySegment) library.modelLoad.invokeExact(path, params);
    } catch (Throwable t) {
      throw LlamaNative.fault(t);
    }
  }

  private static String reason() {
    String error = NativeLog.takeFirstError().strip();
    return error.isEmpty() ? "libllama gives no reason" : error;
  }

  private static void checkReadable(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new LlamaException(
          Problem.MODEL_MISSING,
          "model file " + file + " is not there: fetch it, or name another with --model");
    }
    try (InputStream in = Files.newInputStream(file)) {
      if (!Arrays.equals(in.readNBytes(GGUF_MAGIC.length), GGUF_MAGIC)) {
        throw new LlamaException(
            Problem.MODEL_DAMAGED,
            "model file "
                + file
                + " is not a GGUF file: fetch it again, or name another with"
                + " --model");
      }
    } catch (IOException e) {
      throw new LlamaException(
          Problem.MODEL_MISSING, "model file " + file + " cannot be read: " + e.getMessage(), e);
    }
  }

  private static Llama load(Path directory) {
    String[] names = findFiles(directory);
    quietAborts();
    giveLargeBlocksBack();
    Path llamaFile = directory.resolve(names[1]);
    LlamaNative library = new LlamaNative(directory.resolve(names[0]), llamaFile);
    NativeGuards.check(library, llamaFile);
    NativeLog.install(library);
    try (Arena arena = Arena.ofConfined()) {
      library.loadBackends.invokeExact(arena.allocateFrom(directory.toString()));
      library.backendInit.invokeExact();
    } catch (Throwable t) {
      throw LlamaNative.fault(t);
    }
    return new Llama(directory, library);
  }

  private static String[] findFiles(Path directory) {
    return FILE_NAMES.stream()
        .filter(pair -> Arrays.stream(pair).allMatch(n -> Files.exists(directory.resolve(n))))
        .findFirst()
        .orElseThrow(() ->
            new LlamaException(
                Problem.LIBRARY_MISSING,
                directory
                    + " has no libllama.v0.5.0.so with libggml.v0.5.0.so beside it: unset"
                    + " PARLEY_LIB_DIR to fetch the pinned libraries, or point it at them"));
  }

  /// Saved sequences come and go, megabytes each. By default glibc takes what was freed once as a sign to keep
  /// such blocks in its heap, where they leave holes: the process grew and shrank by 8 % while its caches
  /// held the same bytes. A limit that is set stays, and larger blocks are the system's own again when freed.
  private static void giveLargeBlocksBack() {
    Optional<MethodHandle> mallopt =
        LlamaNative.libc("mallopt", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    if (mallopt.isEmpty()) {
      return;
    }
    try {
      int _ = (int) mallopt.get().invokeExact(M_MMAP_THRESHOLD, LARGE_BLOCK_BYTES);
    } catch (Throwable t) {
      throw LlamaNative.fault(t);
    }
  }

  /// An assertion of ggml ends the process. By itself it would first fork a debugger for a backtrace,
  /// which takes seconds or hangs; the queue's redelivery is waiting for the end.
  private static void quietAborts() {
    Optional<MethodHandle> setenv =
        LlamaNative.libc("setenv", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_INT));
    if (setenv.isEmpty()) {
      return;
    }
    try (Arena arena = Arena.ofConfined()) {
      int _ =
          (int)
              setenv
                  .get()
                  .invokeExact(arena.allocateFrom("GGML_NO_BACKTRACE"), arena.allocateFrom("1"), 1);
    } catch (Throwable t) {
      throw LlamaNative.fault(t);
    }
  }
}
