package dev.parley.worker.engine;

import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/// Counts why prompts were computed from their first token on. Not thread-safe.
final class PrefixMisses {
  private final Map<String, PrefixMiss> reasons = new HashMap<>();
  private final Map<PrefixMiss, Long> counts = new EnumMap<>(PrefixMiss.class);

  /// What is to be said of a request if it is computed now.
  void expect(String id, PrefixMiss reason) {
    reasons.put(id, reason);
  }

  /// It need not be computed, or is no more.
  void forget(String id) {
    reasons.remove(id);
  }

  /// It was computed.
  void computed(String id) {
    PrefixMiss reason = reasons.remove(id);
    if (reason != null) {
      counts.merge(reason, 1L, Long::sum);
    }
  }

  /// A copy; a reason that never was is missing.
  Map<PrefixMiss, Long> counts() {
    return Collections.unmodifiableMap(new EnumMap<>(counts));
  }
}
