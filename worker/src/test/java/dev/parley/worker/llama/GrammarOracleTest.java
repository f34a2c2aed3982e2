package dev.parley.worker.llama;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.shared.grammar.Grammar;
import dev.parley.shared.grammar.GrammarState;
import dev.parley.shared.grammar.JsonSchema;
import dev.parley.shared.testing.RandomSchemas;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// `shared.grammar` against the library's own grammar sampler, on grammars that this one survives: for every token of
/// the vocabulary, both say the same about whether it may come next.
// Linking native code is "restricted" to the Java compiler; the oracle is native.
@SuppressWarnings("restricted")
class GrammarOracleTest {
  private static final int TOKENS_PER_GRAMMAR = 40;
  private static final int TOKEN_DATA_BYTES = 12;
  private static final int LOGIT = 4;

  private final LlamaNative library;
  private final LlamaModel model;
  private final MemorySegment nativeModel;
  private final LlamaVocab vocab;
  private final byte[][] spelling;
  private final MemorySegment nativeVocab;
  private final MethodHandle init;
  private final MethodHandle apply;
  private final MethodHandle accept;
  private final MethodHandle free;

  GrammarOracleTest() throws Throwable {
    Path libraries = TestModel.libraries();
    model = Llama.open(libraries).loadModel(TestModel.file(), 0);
    vocab = model.vocab();
    spelling = new byte[vocab.size()][];
    for (int token = 0; token < spelling.length; token++) {
      spelling[token] = vocab.bytes(token);
    }
    Path file = library(libraries, "libllama");
    library = new LlamaNative(library(libraries, "libggml"), file);
    try (Arena arena = Arena.ofConfined()) {
      nativeModel =
          (MemorySegment)
              library.modelLoad.invokeExact(
                  arena.allocateFrom(TestModel.file().toString()),
                  NativeGuards.modelParams(library, arena));
      nativeVocab = (MemorySegment) library.modelVocab.invokeExact(nativeModel);
    }
    SymbolLookup lookup = SymbolLookup.libraryLookup(file.toAbsolutePath(), Arena.global());
    init =
        link(
            lookup,
            "llama_sampler_init_grammar",
            FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS, ADDRESS));
    apply = link(lookup, "llama_sampler_apply", FunctionDescriptor.ofVoid(ADDRESS, ADDRESS));
    accept = link(lookup, "llama_sampler_accept", FunctionDescriptor.ofVoid(ADDRESS, JAVA_INT));
    free = link(lookup, "llama_sampler_free", FunctionDescriptor.ofVoid(ADDRESS));
  }

  @AfterEach
  void unload() throws Throwable {
    library.modelFree.invokeExact(nativeModel);
    model.close();
  }

  private static Path library(Path directory, String name) {
    return List.of(name + ".v0.5.0.so", name + ".cuda.v0.5.0.so", name + ".so").stream()
        .map(directory::resolve)
        .filter(Files::exists)
        .findFirst()
        .orElseThrow();
  }

  private static MethodHandle link(SymbolLookup lookup, String name, FunctionDescriptor type) {
    return Linker.nativeLinker().downcallHandle(lookup.find(name).orElseThrow(), type);
  }

  @Test
  void both_allow_the_same_tokens() throws Throwable {
    Random random = new Random(3);
    RandomSchemas schemas = new RandomSchemas(5);
    for (int i = 0; i < 12; i++) {
      compare(
          JsonSchema.toGbnf((i % 4 == 0 ? schemas.nextRecursive() : schemas.next()).toString()),
          random);
    }
    for (String gbnf :
        List.of(
            "root ::= [^a-z]{3} (\"é\" | \"日本\")+ \"!\"",
            "root ::= line+\nline ::= \"- \" [A-Z] [a-z ]{1,9} \"\\n\"",
            "root ::= expr\nexpr ::= term ([-+*/] term)*\nterm ::= [0-9]+ | \"(\" expr \")\"")) {
      compare(gbnf, random);
    }
  }

  private void compare(String gbnf, Random random) throws Throwable {
    GrammarState state = GrammarState.start(Grammar.parse(gbnf));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment sampler =
          (MemorySegment)
              init.invokeExact(nativeVocab, arena.allocateFrom(gbnf), arena.allocateFrom("root"));
      assertThat(sampler.address()).as(gbnf).isNotZero();
      for (int step = 0; step < TOKENS_PER_GRAMMAR; step++) {
        state.refresh();
        boolean[] expected = allowed(sampler, arena);
        List<Integer> next = new ArrayList<>();
        for (int token = 0; token < expected.length; token++) {
          boolean fits =
              vocab.isEnd(token)
                  ? state.complete()
                  : spelling[token].length > 0 && !state.next(spelling[token]).dead();
          if (comparable(token)) {
            assertThat(fits)
                .as("token %d at step %d of %s", token, step, gbnf)
                .isEqualTo(expected[token]);
          }
          if (fits && !vocab.isEnd(token)) {
            next.add(token);
          }
        }
        if (next.isEmpty()) {
          break;
        }
        int token = next.get(random.nextInt(next.size()));
        accept.invokeExact(sampler, token);
        state = state.next(spelling[token]);
      }
      free.invokeExact(sampler);
    }
  }

  /// Control tokens spell something to the library, and nothing to the answer; bytes that no UTF-8 has may stand for
  /// something that is not in a set to the library, and for nothing here.
  private boolean comparable(int token) {
    if (vocab.isEnd(token)) {
      return true;
    }
    for (byte b : spelling[token]) {
      int value = Byte.toUnsignedInt(b);
      if (value == 0 || value == 0xC0 || value == 0xC1 || value > 0xF4) {
        return false;
      }
    }
    return spelling[token].length > 0;
  }

  private boolean[] allowed(MemorySegment sampler, Arena arena) throws Throwable {
    int size = spelling.length;
    MemorySegment data = arena.allocate((long) size * TOKEN_DATA_BYTES, Integer.BYTES);
    for (int token = 0; token < size; token++) {
      data.set(JAVA_INT, (long) token * TOKEN_DATA_BYTES, token);
    }
    MemorySegment array =
        arena.allocate(MemoryLayout.structLayout(ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG));
    array.set(ADDRESS, 0, data);
    array.set(JAVA_LONG, Long.BYTES, (long) size);
    apply.invokeExact(sampler, array);
    boolean[] allowed = new boolean[size];
    for (int token = 0; token < size; token++) {
      allowed[token] = data.get(JAVA_FLOAT, (long) token * TOKEN_DATA_BYTES + LOGIT) == 0;
    }
    return allowed;
  }
}
