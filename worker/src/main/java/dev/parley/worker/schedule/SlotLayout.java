package dev.parley.worker.schedule;

import dev.parley.worker.schedule.StepPlan.CacheMove;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Who is in which slot. The library computes the rows of slots 0, 1, 2, ... together, and a hole in them
/// costs up to half the speed: so decoding sequences are moved into slots 0 to d-1, and nothing else is.
final class SlotLayout {
  private final @Nullable Sequence[] slots;

  SlotLayout(int count) {
    slots = new @Nullable Sequence[count];
  }

  /// Those in a slot, by slot.
  List<Sequence> active() {
    return stream().toList();
  }

  /// Those with a row in the next decode call, by slot.
  List<Sequence> decoding() {
    return in(SequenceState.DECODING);
  }

  List<Sequence> prefilling() {
    return in(SequenceState.PREFILLING);
  }

  private List<Sequence> in(SequenceState state) {
    return stream().filter(s -> s.state() == state).toList();
  }

  private Stream<Sequence> stream() {
    return Arrays.stream(slots).filter(Objects::nonNull).map(Objects::requireNonNull);
  }

  int used() {
    return (int) stream().count();
  }

  int free() {
    return slots.length - used();
  }

  /// Gives the lowest free slot away; there must be one.
  void enter(Sequence sequence) {
    int slot = lowestFree();
    sequence.enter(slot);
    slots[slot] = sequence;
  }

  /// Empties a sequence's slot; the caller changes the sequence.
  void leave(Sequence sequence) {
    slots[sequence.slot()] = null;
  }

  private int lowestFree() {
    int slot = 0;
    while (slots[slot] != null) {
      slot++;
    }
    return slot;
  }

  /// Makes the decoding sequences dense, with as few moves as that needs.
  List<CacheMove> compact() {
    List<CacheMove> moves = new ArrayList<>();
    List<Sequence> decoding = new ArrayList<>(decoding());
    int dense = decoding.size();
    for (int slot = 0; slot < dense; slot++) {
      Sequence there = slots[slot];
      if (there == null || there.state() != SequenceState.DECODING) {
        Sequence highest = decoding.removeLast();
        if (there != null) {
          exchange(there, highest, moves);
        } else {
          moves.add(move(highest, slot));
        }
      }
    }
    return moves;
  }

  /// Two sequences change places: by a free slot if there is one, else by way of host memory.
  private void exchange(Sequence prompt, Sequence decoding, List<CacheMove> moves) {
    int low = prompt.slot();
    int high = decoding.slot();
    if (free() > 0) {
      moves.add(move(prompt, lowestFree()));
      moves.add(move(decoding, low));
      return;
    }
    moves.add(new CacheMove.Out(prompt.id, low));
    leave(prompt);
    moves.add(move(decoding, low));
    moves.add(new CacheMove.In(prompt.id, high));
    prompt.moveTo(high);
    slots[high] = prompt;
  }

  private CacheMove move(Sequence sequence, int toSlot) {
    CacheMove move = new CacheMove.ToSlot(sequence.id, sequence.slot(), toSlot);
    leave(sequence);
    sequence.moveTo(toSlot);
    slots[toSlot] = sequence;
    return move;
  }

  /// @throws IllegalStateException when a slot and its sequence do not agree
  void verify() {
    for (int slot = 0; slot < slots.length; slot++) {
      Sequence there = slots[slot];
      if (there != null && there.slot() != slot) {
        throw new IllegalStateException("slot " + slot + " holds " + there);
      }
    }
  }
}
