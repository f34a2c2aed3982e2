package dev.parley.worker.llama;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.parley.worker.llama.LlamaException.Problem;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.atomic.AtomicBoolean;

/// [LlamaContext] by libllama, with the batch's native arrays kept for its whole life.
final class NativeContext implements LlamaContext {
  private final LlamaNative library;
  private final MemorySegment context;
  private final MemorySegment memory;
  private final ContextOptions options;
  private final int tokensPerSlot;
  private final int vocabSize;
  private final Arena arena = Arena.ofShared();
  private final AtomicBoolean abort = new AtomicBoolean();
  private final MemorySegment abortStub;
  private final MemorySegment batch;
  private final MemorySegment tokens;
  private final MemorySegment positions;
  private final MemorySegment slots;
  private final MemorySegment outputs;
  private NativeSequence moveBuffer = new NativeSequence(1);
  private boolean closed;

  NativeContext(LlamaNative library, MemorySegment context, ContextOptions options, int vocabSize) {
    this.library = library;
    this.context = context;
    this.options = options;
    this.vocabSize = vocabSize;
    this.abortStub = abortStub();
    int capacity = options.batchTokens();
    batch = arena.allocate(LlamaNative.BATCH);
    tokens = arena.allocate(JAVA_INT, capacity);
    positions = arena.allocate(JAVA_INT, capacity);
    slots = arena.allocate(JAVA_INT, capacity);
    outputs = arena.allocate(JAVA_BYTE, capacity);
    linkBatch(capacity);
    try {
      memory = (MemorySegment) library.memory.invokeExact(context);
      tokensPerSlot = (int) library.contextTokensPerSlot.invokeExact(context);
    } catch (Throwable t) {
      throw LlamaNative.fault(t);
    }
  }

  private MemorySegment abortStub() {
    try {
      var target =
          MethodHandles.lookup()
              .findVirtual(
                  NativeContext.class,
                  "isAborted",
                  MethodType.methodType(boolean.class, MemorySegment.class))
              .bindTo(this);
      return library.upcall(target, LlamaNative.ABORT_CALLBACK, arena);
    } catch (ReflectiveOperationException e) {
      throw LlamaNative.fault(e);
    }
  }

  /// Called by native code between the operations of a prefill: one volatile read, nothing else.
  // The compiler sees no caller: the method handle above is it.
  @SuppressWarnings("unused")
  private boolean isAborted(MemorySegment userData) {
    return abort.get();
  }

  private void linkBatch(int capacity) {
    MemorySegment counts = arena.allocate(JAVA_INT, capacity);
    MemorySegment pointers = arena.allocate(ADDRESS, capacity);
    for (int row = 0; row < capacity; row++) {
      counts.setAtIndex(JAVA_INT, row, 1);
      pointers.setAtIndex(ADDRESS, row, slots.asSlice((long) row * Integer.BYTES));
    }
    batch.set(ADDRESS, LlamaNative.BATCH_TOKEN, tokens);
    batch.set(ADDRESS, LlamaNative.BATCH_POS, positions);
    batch.set(ADDRESS, LlamaNative.BATCH_N_SEQ_ID, counts);
    batch.set(ADDRESS, LlamaNative.BATCH_SEQ_ID, pointers);
    batch.set(ADDRESS, LlamaNative.BATCH_LOGITS, outputs);
  }

  @Override
  public ContextOptions options() {
    return options;
  }

  @Override
  public int tokensPerSlot() {
    return tokensPerSlot;
  }

  @Override
  public String stateFormat() {
    return "llama.cpp %s, %d slots of %d tokens, %s"
        .formatted(
            LlamaNative.RELEASE, options.slots(), tokensPerSlot, options.kvType().settingName());
  }

  @Override
  public DecodeResult decode(TokenBatch rows) {
    validate(rows);
    copy(rows);
    try {
      return DecodeResult.of((int) library.decode.invokeExact(context, batch));
    } catch (Throwable t) {
      throw LlamaNative.fault(t);
    }
  }

  @Override
  public DecodeResult decodeAbortable(TokenBatch rows) {
    setAbortCallback(abortStub);
    try {
      return decode(rows);
    } finally {
      setAbortCallback(MemorySegment.NULL);
      abort.set(false);
    }
  }

  private void setAbortCallback(MemorySegment callback) {
    try {
      library.contextAbortCallback.invokeExact(context, callback, MemorySegment.NULL);
    } catch (Throwable t) {
      throw LlamaNative.fault(t);
    }
  }

  @Override
  public void abortPrefill() {
    abort.set(true);
  }

  private void validate(TokenBatch rows) {
    require(rows.size() >= 1, "an empty batch");
    require(rows.size() <= options.batchTokens(), "a batch of " + rows.size() + " rows");
    int wanted = 0;
    for (int row = 0; row < rows.size(); row++) {
      require(isSlot(rows.slot(row)), "slot " + rows.slot(row));
      require(
          rows.position(row) >= 0 && rows.position(row) < tokensPerSlot,
          "position " + rows.position(row));
      require(rows.token(row) >= 0 && rows.token(row) < vocabSize, "token " + rows.token(row));
      wanted += rows.output(row) ? 1 : 0;
    }
    require(wanted <= options.slots(), wanted + " output rows");
  }

  private boolean isSlot(int slot) {
    return slot >= 0 && slot < options.slots();
  }

  private void require(boolean holds, String what) {
    if (!holds) {
      throw new IllegalArgumentException(
          what + " is outside the context of " + options + " with " + vocabSize + " tokens");
    }
  }

  private void copy(TokenBatch rows) {
    batch.set(JAVA_INT, LlamaNative.BATCH_TOKENS, rows.size());
    for (int row = 0; row < rows.size(); row++) {
      tokens.setAtIndex(JAVA_INT, row, rows.token(row));
      positions.setAtIndex(JAVA_INT, row, rows.position(row));
      slots.setAtIndex(JAVA_INT, row, rows.slot(row));
      outputs.set(JAVA_BYTE, row, (byte) (rows.output(row) ? 1 : 0));
    }
  }

  @Override
  public void logits(int row, float[] into) {
    try {
      MemorySegment found = (MemorySegment) library.logits.invokeExact(context, row);
      require(!found.equals(MemorySegment.NULL), "row " + row + " without logits");
      MemorySegment.copy(LlamaNative.floats(found, vocabSize), JAVA_FLOAT, 0, into, 0, vocabSize);
    } catch (IllegalArgumentException e) {
      throw e;
    } catch (Throwable t) {
      throw LlamaNative.fault(t);
    }
  }

  @Override
  public boolean removeFrom(int slot, int position) {
    require(isSlot(slot), "slot " + slot);
    try {
      return (boolean) library.memoryRemove.invokeExact(memory, slot, position, -1);
    } catch (Throwable t) {
      throw LlamaNative.fault(t);
    }
  }

  @Override
  public int firstPosition(int slot) {
    require(isSlot(slot), "slot " + slot);
    try {
      return (int) library.memoryFirst.invokeExact(memory, slot);
    } catch (Throwable t) {
      throw LlamaNative.fault(t);
    }
  }

  @Override
  public int lastPosition(int slot) {
    require(isSlot(slot), "slot " + slot);
    try {
      return (int) library.memoryLast.invokeExact(memory, slot);
    } catch (Throwable t) {
      throw LlamaNative.fault(t);
    }
  }

  @Override
  public SavedSequence save(int slot) {
    NativeSequence saved = new NativeSequence(stateSize(slot));
    saveInto(saved, slot);
    return saved;
  }

  @Override
  public void restore(SavedSequence saved, int slot) {
    require(isSlot(slot), "slot " + slot);
    require(lastPosition(slot) < 0, "the full slot " + slot);
    NativeSequence sequence = (NativeSequence) saved;
    try {
      long read =
          (long) library.stateSet.invokeExact(context, sequence.memory(), sequence.bytes(), slot);
      if (read == 0) {
        throw new LlamaException(
            Problem.CALL_FAILED, "a saved sequence does not fit into slot " + slot);
      }
    } catch (LlamaException e) {
      throw e;
    } catch (Throwable t) {
      throw LlamaNative.fault(t);
    }
  }

  @Override
  public void move(int fromSlot, int toSlot) {
    long bytes = stateSize(fromSlot);
    if (moveBuffer.capacity() < bytes) {
      moveBuffer.close();
      moveBuffer = new NativeSequence(bytes + bytes / 2);
    }
    saveInto(moveBuffer, fromSlot);
    restore(moveBuffer, toSlot);
    removeFrom(fromSlot, 0);
  }

  private long stateSize(int slot) {
    require(isSlot(slot), "slot " + slot);
    try {
      return (long) library.stateSize.invokeExact(context, slot);
    } catch (Throwable t) {
      throw LlamaNative.fault(t);
    }
  }

  private void saveInto(NativeSequence into, int slot) {
    try {
      long written =
          (long) library.stateGet.invokeExact(context, into.memory(), into.capacity(), slot);
      if (written == 0) {
        throw new LlamaException(Problem.CALL_FAILED, "slot " + slot + " cannot be saved");
      }
      into.filled(written);
    } catch (LlamaException e) {
      throw e;
    } catch (Throwable t) {
      throw LlamaNative.fault(t);
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    moveBuffer.close();
    try {
      library.contextFree.invokeExact(context);
    } catch (Throwable t) {
      throw LlamaNative.fault(t);
    } finally {
      arena.close();
    }
  }
}
