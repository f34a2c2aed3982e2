package dev.parley.worker.schedule;

import java.util.EnumSet;
import java.util.Set;

/// Where a sequence is in its life.
///
/// ```
///                              ┌──────── SWAPPED <─┐
///                              v                   │  preempted
/// WAITING ──> PREFILLING ──> DECODING ─────────────┘
///    │             │            │   │
///    └─────────────┴────────────┴───┴──> ENDED      finished, cancelled, failed
/// ```
///
/// SWAPPED ends too.
public enum SequenceState {
  /// Held without a slot and without a cache.
  WAITING,
  /// In a slot, with a part of its prompt still to compute.
  PREFILLING,
  /// In a slot, with one row in every decode call.
  DECODING,
  /// Its cache is in host memory, and it waits for a slot.
  SWAPPED,
  /// Out of its slot, for whatever reason.
  ENDED;

  Set<SequenceState> successors() {
    return switch (this) {
      case WAITING -> EnumSet.of(PREFILLING, ENDED);
      case PREFILLING -> EnumSet.of(DECODING, ENDED);
      case DECODING -> EnumSet.of(SWAPPED, ENDED);
      case SWAPPED -> EnumSet.of(DECODING, ENDED);
      case ENDED -> EnumSet.noneOf(SequenceState.class);
    };
  }
}
