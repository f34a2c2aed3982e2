package dev.parley.worker.llama;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.parley.worker.llama.LlamaException.Problem;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// [LlamaVocab] by libllama, whose own functions on a vocabulary are thread-safe.
final class NativeVocab implements LlamaVocab {
  private static final int PIECE_BYTES = 64;

  private final LlamaNative library;
  private final MemorySegment vocab;
  private final int size;
  private final List<Special> specials;

  NativeVocab(LlamaNative library, MemorySegment vocab) {
    this.library = library;
    this.vocab = vocab;
    this.size = readSize();
    this.specials = readSpecials();
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public int[] tokenize(String text, boolean parseSpecial) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    if (utf8.length == 0) {
      return new int[0];
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment bytes = arena.allocateFrom(JAVA_BYTE, utf8);
      // A token is at least a byte, but for the space that some tokenizers put in front.
      int capacity = utf8.length + 2;
      MemorySegment ids = arena.allocate(JAVA_INT, capacity);
      int count =
          (int)
              library.tokenize.invokeExact(
                  vocab, bytes, utf8.length, ids, capacity, false, parseSpecial);
      if (count < 0) {
        throw new LlamaException(
            Problem.CALL_FAILED, "text of " + utf8.length + " bytes cannot be tokenized");
      }
      return ids.asSlice(0, (long) count * Integer.BYTES).toArray(JAVA_INT);
    } catch (LlamaException e) {
      throw e;
    } catch (Throwable t) {
      throw LlamaNative.fault(t);
    }
  }

  @Override
  public byte[] bytes(int token) {
    check(token);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment piece = arena.allocate(PIECE_BYTES);
      int length = piece(token, piece);
      if (length < 0) {
        piece = arena.allocate(-length);
        length = piece(token, piece);
      }
      return piece.asSlice(0, length).toArray(JAVA_BYTE);
    }
  }

  private int piece(int token, MemorySegment into) {
    try {
      return (int)
          library.tokenToPiece.invokeExact(vocab, token, into, (int) into.byteSize(), 0, false);
    } catch (Throwable t) {
      throw LlamaNative.fault(t);
    }
  }

  @Override
  public boolean isEnd(int token) {
    check(token);
    try {
      return (boolean) library.vocabIsEnd.invokeExact(vocab, token);
    } catch (Throwable t) {
      throw LlamaNative.fault(t);
    }
  }

  @Override
  public int bos() {
    try {
      return (int) library.vocabBos.invokeExact(vocab);
    } catch (Throwable t) {
      throw LlamaNative.fault(t);
    }
  }

  private int eos() {
    try {
      return (int) library.vocabEos.invokeExact(vocab);
    } catch (Throwable t) {
      throw LlamaNative.fault(t);
    }
  }

  @Override
  public boolean addsBos() {
    try {
      return (boolean) library.vocabAddsBos.invokeExact(vocab);
    } catch (Throwable t) {
      throw LlamaNative.fault(t);
    }
  }

  @Override
  public String bosText() {
    int token = bos();
    return token < 0 ? "" : text(token);
  }

  @Override
  public String eosText() {
    int token = eos();
    return token < 0 ? "" : text(token);
  }

  @Override
  public List<Special> specials() {
    return specials;
  }

  private int readSize() {
    try {
      return (int) library.vocabSize.invokeExact(vocab);
    } catch (Throwable t) {
      throw LlamaNative.fault(t);
    }
  }

  private List<Special> readSpecials() {
    List<Special> found = new ArrayList<>();
    for (int token = 0; token < size; token++) {
      int attributes = attributes(token);
      if ((attributes & LlamaNative.TOKEN_ATTR_CONTROL) != 0 && !text(token).isEmpty()) {
        found.add(
            new Special(
                token,
                text(token),
                (attributes & LlamaNative.TOKEN_ATTR_LSTRIP) != 0,
                (attributes & LlamaNative.TOKEN_ATTR_RSTRIP) != 0));
      }
    }
    found.sort(Comparator.comparingInt((Special special) -> special.text().length()).reversed());
    return List.copyOf(found);
  }

  private int attributes(int token) {
    try {
      return (int) library.vocabAttributes.invokeExact(vocab, token);
    } catch (Throwable t) {
      throw LlamaNative.fault(t);
    }
  }

  private String text(int token) {
    try {
      return LlamaNative.string((MemorySegment) library.vocabText.invokeExact(vocab, token));
    } catch (Throwable t) {
      throw LlamaNative.fault(t);
    }
  }

  private void check(int token) {
    if (token < 0 || token >= size) {
      throw new IllegalArgumentException(
          "token " + token + " is outside the vocabulary of " + size);
    }
  }
}
