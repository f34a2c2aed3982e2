package dev.parley.worker.llama;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.parley.worker.llama.LlamaException.Problem;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.Optional;

/// Every method handle and struct offset of the C API of llama.cpp v0.5.0 that Parley uses.
///
/// Struct offsets were printed by a C program compiled against the release's header; [NativeGuards]
/// checks at start that the loaded library still puts its known defaults there. No call is linked
/// `critical`: a decode call takes long, and a critical call would stop every Java thread at the next
/// safepoint.
// Linking native code is "restricted" to the Java compiler; doing that is what this class is for.
@SuppressWarnings("restricted")
final class LlamaNative {
  static final String RELEASE = "0.5.0";

  /// `struct llama_batch`, passed by value.
  static final MemoryLayout BATCH =
      MemoryLayout.structLayout(
          JAVA_INT,
          MemoryLayout.paddingLayout(4),
          ADDRESS,
          ADDRESS,
          ADDRESS,
          ADDRESS,
          ADDRESS,
          ADDRESS);

  static final long BATCH_TOKENS = 0;
  static final long BATCH_TOKEN = 8;
  static final long BATCH_POS = 24;
  static final long BATCH_N_SEQ_ID = 32;
  static final long BATCH_SEQ_ID = 40;
  static final long BATCH_LOGITS = 48;

  /// `struct llama_model_params`, 80 bytes.
  static final MemoryLayout MODEL_PARAMS = MemoryLayout.structLayout(words(10));

  static final long MODEL_GPU_LAYERS = 16;
  static final long MODEL_SPLIT_MODE = 20;
  static final long MODEL_LOAD_MODE = 24;
  static final long MODEL_LAZY_MODE = 28;
  static final long MODEL_USE_EXTRA_BUFTS = 74;

  /// `struct llama_context_params`, 160 bytes.
  static final MemoryLayout CONTEXT_PARAMS = MemoryLayout.structLayout(words(20));

  static final long CONTEXT_N_CTX = 0;
  static final long CONTEXT_N_BATCH = 4;
  static final long CONTEXT_N_UBATCH = 8;
  static final long CONTEXT_N_SEQ_MAX = 12;
  static final long CONTEXT_N_OUTPUTS_MAX = 20;
  static final long CONTEXT_N_THREADS = 28;
  static final long CONTEXT_N_THREADS_BATCH = 32;
  static final long CONTEXT_FLASH_ATTENTION = 52;
  static final long CONTEXT_TYPE_K = 104;
  static final long CONTEXT_TYPE_V = 108;
  static final long CONTEXT_NO_PERF = 130;
  static final long CONTEXT_OP_OFFLOAD = 131;
  static final long CONTEXT_SWA_FULL = 132;
  static final long CONTEXT_KV_UNIFIED = 133;

  static final int TOKEN_ATTR_CONTROL = 1 << 3;
  static final int TOKEN_ATTR_LSTRIP = 1 << 7;
  static final int TOKEN_ATTR_RSTRIP = 1 << 8;

  static final FunctionDescriptor LOG_CALLBACK =
      FunctionDescriptor.ofVoid(JAVA_INT, ADDRESS, ADDRESS);
  static final FunctionDescriptor ABORT_CALLBACK = FunctionDescriptor.of(JAVA_BOOLEAN, ADDRESS);

  private static final ValueLayout SIZE_T = JAVA_LONG;

  private final Linker linker = Linker.nativeLinker();
  private final SymbolLookup llama;
  private final SymbolLookup ggml;
  private final Path llamaFile;

  final MethodHandle loadBackends;
  final MethodHandle backendInit;
  final MethodHandle logSet;
  final MethodHandle version;
  final MethodHandle usesGpu;
  final MethodHandle modelDefaultParams;
  final MethodHandle contextDefaultParams;
  final MethodHandle modelLoad;
  final MethodHandle modelFree;
  final MethodHandle modelVocab;
  final MethodHandle modelTrainedContext;
  final MethodHandle modelSlidingWindow;
  final MethodHandle modelIsRecurrent;
  final MethodHandle modelIsHybrid;
  final MethodHandle modelMeta;
  final MethodHandle modelDescription;
  final MethodHandle modelTemplate;
  final MethodHandle contextNew;
  final MethodHandle contextFree;
  final MethodHandle contextTokensPerSlot;
  final MethodHandle contextAbortCallback;
  final MethodHandle decode;
  final MethodHandle logits;
  final MethodHandle memory;
  final MethodHandle memoryRemove;
  final MethodHandle memoryFirst;
  final MethodHandle memoryLast;
  final MethodHandle stateSize;
  final MethodHandle stateGet;
  final MethodHandle stateSet;
  final MethodHandle vocabSize;
  final MethodHandle vocabIsEnd;
  final MethodHandle vocabBos;
  final MethodHandle vocabEos;
  final MethodHandle vocabAddsBos;
  final MethodHandle vocabAttributes;
  final MethodHandle vocabText;
  final MethodHandle tokenize;
  final MethodHandle tokenToPiece;

  /// Loads the two libraries (their own RUNPATH finds the third beside them) and links every function.
  ///
  /// @throws LlamaException when a file cannot be loaded or lacks a function
  LlamaNative(Path ggmlFile, Path llamaFile) {
    this.llamaFile = llamaFile;
    ggml = load(ggmlFile);
    llama = load(llamaFile);
    version = of(llama, "llama_version", FunctionDescriptor.of(ADDRESS));
    loadBackends = ofVoid(ggml, "ggml_backend_load_all_from_path", ADDRESS);
    backendInit = ofVoid(llama, "llama_backend_init");
    logSet = ofVoid(llama, "llama_log_set", ADDRESS, ADDRESS);
    usesGpu = of(llama, "llama_supports_gpu_offload", FunctionDescriptor.of(JAVA_BOOLEAN));
    modelDefaultParams = of("llama_model_default_params", MODEL_PARAMS);
    contextDefaultParams = of("llama_context_default_params", CONTEXT_PARAMS);
    modelLoad = of("llama_model_load_from_file", ADDRESS, ADDRESS, MODEL_PARAMS);
    modelFree = ofVoid(llama, "llama_model_free", ADDRESS);
    modelVocab = of("llama_model_get_vocab", ADDRESS, ADDRESS);
    modelTrainedContext = of("llama_model_n_ctx_train", JAVA_INT, ADDRESS);
    modelSlidingWindow = of("llama_model_n_swa", JAVA_INT, ADDRESS);
    modelIsRecurrent = of("llama_model_is_recurrent", JAVA_BOOLEAN, ADDRESS);
    modelIsHybrid = of("llama_model_is_hybrid", JAVA_BOOLEAN, ADDRESS);
    modelMeta = of("llama_model_meta_val_str", JAVA_INT, ADDRESS, ADDRESS, ADDRESS, SIZE_T);
    modelDescription = of("llama_model_desc", JAVA_INT, ADDRESS, ADDRESS, SIZE_T);
    modelTemplate = of("llama_model_chat_template", ADDRESS, ADDRESS, ADDRESS);
    contextNew = of("llama_init_from_model", ADDRESS, ADDRESS, CONTEXT_PARAMS);
    contextFree = ofVoid(llama, "llama_free", ADDRESS);
    contextTokensPerSlot = of("llama_n_ctx_seq", JAVA_INT, ADDRESS);
    contextAbortCallback = ofVoid(llama, "llama_set_abort_callback", ADDRESS, ADDRESS, ADDRESS);
    decode = of("llama_decode", JAVA_INT, ADDRESS, BATCH);
    logits = of("llama_get_logits_ith", ADDRESS, ADDRESS, JAVA_INT);
    memory = of("llama_get_memory", ADDRESS, ADDRESS);
    memoryRemove = of("llama_memory_seq_rm", JAVA_BOOLEAN, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT);
    memoryFirst = of("llama_memory_seq_pos_min", JAVA_INT, ADDRESS, JAVA_INT);
    memoryLast = of("llama_memory_seq_pos_max", JAVA_INT, ADDRESS, JAVA_INT);
    stateSize = of("llama_state_seq_get_size", SIZE_T, ADDRESS, JAVA_INT);
    stateGet = of("llama_state_seq_get_data", SIZE_T, ADDRESS, ADDRESS, SIZE_T, JAVA_INT);
    stateSet = of("llama_state_seq_set_data", SIZE_T, ADDRESS, ADDRESS, SIZE_T, JAVA_INT);
    vocabSize = of("llama_vocab_n_tokens", JAVA_INT, ADDRESS);
    vocabIsEnd = of("llama_vocab_is_eog", JAVA_BOOLEAN, ADDRESS, JAVA_INT);
    vocabBos = of("llama_vocab_bos", JAVA_INT, ADDRESS);
    vocabEos = of("llama_vocab_eos", JAVA_INT, ADDRESS);
    vocabAddsBos = of("llama_vocab_get_add_bos", JAVA_BOOLEAN, ADDRESS);
    vocabAttributes = of("llama_vocab_get_attr", JAVA_INT, ADDRESS, JAVA_INT);
    vocabText = of("llama_vocab_get_text", ADDRESS, ADDRESS, JAVA_INT);
    tokenize =
        of(
            "llama_tokenize",
            JAVA_INT,
            ADDRESS,
            ADDRESS,
            JAVA_INT,
            ADDRESS,
            JAVA_INT,
            JAVA_BOOLEAN,
            JAVA_BOOLEAN);
    tokenToPiece =
        of(
            "llama_token_to_piece",
            JAVA_INT,
            ADDRESS,
            JAVA_INT,
            ADDRESS,
            JAVA_INT,
            JAVA_INT,
            JAVA_BOOLEAN);
  }

  /// Anything that a handle throws is a fault of this binding: the C functions throw nothing.
  static LlamaException fault(Throwable thrown) {
    if (thrown instanceof Error error && !(thrown instanceof LinkageError)) {
      throw error;
    }
    return new LlamaException(
        Problem.CALL_FAILED, "a call into libllama failed: " + thrown, thrown);
  }

  /// A C string, copied; empty for NULL.
  static String string(MemorySegment address) {
    return address.equals(MemorySegment.NULL)
        ? ""
        : address.reinterpret(Long.MAX_VALUE).getString(0);
  }

  /// The native memory behind `address`, as far as the caller knows it.
  static MemorySegment sized(MemorySegment address, long bytes) {
    return address.reinterpret(bytes);
  }

  static MemorySegment floats(MemorySegment address, int count) {
    return address.reinterpret(count * JAVA_FLOAT.byteSize());
  }

  /// A function pointer to a Java method, for as long as the arena lives.
  MemorySegment upcall(MethodHandle target, FunctionDescriptor type, Arena arena) {
    return linker.upcallStub(target, type, arena);
  }

  /// A function of the C library itself, where there is one of that name.
  static Optional<MethodHandle> libc(String name, FunctionDescriptor type) {
    Linker linker = Linker.nativeLinker();
    return linker.defaultLookup().find(name).map(address -> linker.downcallHandle(address, type));
  }

  private static SymbolLookup load(Path file) {
    try {
      return SymbolLookup.libraryLookup(file.toAbsolutePath(), Arena.global());
    } catch (IllegalArgumentException e) {
      throw new LlamaException(
          Problem.LIBRARY_MISSING,
          file
              + " cannot be loaded: it needs Linux with glibc 2.34 or later and the other libraries"
              + " of its package beside it",
          e);
    }
  }

  private MethodHandle of(String name, MemoryLayout result, MemoryLayout... arguments) {
    return of(llama, name, FunctionDescriptor.of(result, arguments));
  }

  private MethodHandle ofVoid(SymbolLookup library, String name, MemoryLayout... arguments) {
    return of(library, name, FunctionDescriptor.ofVoid(arguments));
  }

  private MethodHandle of(SymbolLookup library, String name, FunctionDescriptor type) {
    MemorySegment address =
        library
            .find(name)
            .orElseThrow(() -> NativeGuards.wrongLibrary(llamaFile, "it has no function " + name));
    return linker.downcallHandle(address, type);
  }

  private static MemoryLayout[] words(int count) {
    MemoryLayout[] words = new MemoryLayout[count];
    java.util.Arrays.fill(words, JAVA_LONG);
    return words;
  }
}
