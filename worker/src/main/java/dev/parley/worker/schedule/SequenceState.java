package dev.parley.worker.schedule;

import java.util.EnumSet;
import java.util.Set;

/// Where a sequence is in its life.
///
/// ```
/// WAITING ──> PREFILLING ──> DECODING ──> ENDED
///    │             │                        ^
///    └─────────────┴────────────────────────┘   cancelled, failed
/// ```
public enum SequenceState {
  /// Held without a slot, in order of arrival.
  WAITING,
  /// In a slot, with a part of its prompt still to compute.
  PREFILLING,
  /// In a slot, with one row in every decode call.
  DECODING,
  /// Out of its slot, for whatever reason.
  ENDED;

  Set<SequenceState> successors() {
    return switch (this) {
      case WAITING -> EnumSet.of(PREFILLING, ENDED);
      case PREFILLING -> EnumSet.of(DECODING, ENDED);
      case DECODING -> EnumSet.of(ENDED);
      case ENDED -> EnumSet.noneOf(SequenceState.class);
    };
  }
}
