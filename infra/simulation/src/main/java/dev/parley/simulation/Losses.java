package dev.parley.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What the faults of a run took away, and when: by this the checker knows what the promise does not cover. Times are
/// simulated, ms.
final class Losses {
  private final List<Long> memory = new ArrayList<>();
  private final List<Long> owners = new ArrayList<>();
  private final List<Long> wipes = new ArrayList<>();
  private final List<Long> rollbacks = new ArrayList<>();
  private final Map<String, Long> crashes = new HashMap<>();
  private long calmMs;
  private long awayUntilMs;

  /// A fault lasts until then.
  void troubledUntil(long atMs) {
    calmMs = Math.max(calmMs, atMs);
  }

  /// When the last fault was over, but for the long absences of [#awayUntilMs].
  long calmMs() {
    return calmMs;
  }

  /// Workers or the broker are gone until then, past the deadlines.
  void awayUntil(long atMs) {
    awayUntilMs = Math.max(awayUntilMs, atMs);
  }

  /// Until when there were no workers or no broker; 0 when they were there.
  long awayUntilMs() {
    return awayUntilMs;
  }

  /// Redis was emptied or rolled back.
  void lostMemory(long atMs) {
    memory.add(atMs);
  }

  /// When Redis lost memory.
  List<Long> memory() {
    return memory;
  }

  void wiped(long atMs) {
    wipes.add(atMs);
  }

  void rolledBack(long atMs) {
    rollbacks.add(atMs);
  }

  /// Whether Redis was rolled back at most so long before or after.
  boolean rolledBackAround(long withinMs, long atMs) {
    return rollbacks.stream().anyMatch(at -> Math.abs(at - atMs) <= withinMs);
  }

  /// Turns were left without a living owner.
  void lostOwner(long atMs) {
    owners.add(atMs);
  }

  /// When turns lost their owner.
  List<Long> owners() {
    return owners;
  }

  void crashed(String gateway, long atMs) {
    crashes.put(gateway, atMs);
  }

  /// Whether Redis was emptied in that time, after this gateway had crashed.
  boolean wipedAfterCrash(String gateway, long fromMs, long toMs) {
    long crashedMs = crashes.getOrDefault(gateway, Long.MAX_VALUE);
    return wipes.stream().anyMatch(at -> at > crashedMs && at > fromMs && at < toMs);
  }
}
