package dev.parley.shared.testing;

import dev.parley.shared.testing.ShareQueueModel.Answer;
import dev.parley.shared.testing.ShareQueueModel.DeadLetter;
import dev.parley.shared.testing.ShareQueueModel.Delivery;
import dev.parley.shared.testing.ShareQueueModel.Limits;
import dev.parley.shared.testing.ShareQueueModel.Wish;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One lane: one partition and its share group. See [ShareQueueModel]. Not thread-safe.
final class ShareLaneModel {
  /// A record that is not finished.
  ///
  /// ```
  /// WAITING <---> HELD ---> finished (removed)
  /// ```
  private static final class Entry {
    final long offset;
    final String key;
    final byte[] value;
    final long timestampMs;

    /// Empty when the record is waiting.
    String holder = "";

    long lockEndMs;
    int deliveries;

    /// What the broker has written down of `deliveries`.
    int durableDeliveries;

    Entry(long offset, String key, byte[] value, long timestampMs) {
      this.offset = offset;
      this.key = key;
      this.value = value;
      this.timestampMs = timestampMs;
    }

    boolean held() {
      return !holder.isEmpty();
    }

    Delivery delivery() {
      return new Delivery(key, value, deliveries, offset, timestampMs);
    }
  }

  private final Limits limits;
  private final Consumer<DeadLetter> deadLetters;
  private final TreeMap<Long, Entry> unfinished = new TreeMap<>();

  /// Given to a member that has not polled since.
  private final Map<String, Delivery> unseen = new HashMap<>();

  /// Members whose session the broker forgot at its last restart while they held something.
  private final Set<String> forgotten = new HashSet<>();

  private long nextOffset;

  ShareLaneModel(Limits limits, Consumer<DeadLetter> deadLetters) {
    this.limits = limits;
    this.deadLetters = deadLetters;
  }

  long produce(String key, byte[] value, long nowMs) {
    long offset = nextOffset++;
    unfinished.put(offset, new Entry(offset, key, value.clone(), nowMs));
    return offset;
  }

  Optional<Delivery> poll(String member, long nowMs, int skip) {
    lapse(nowMs);
    forgotten.remove(member);
    Delivery stale = unseen.remove(member);
    return stale == null ? acquire(member, nowMs, skip) : Optional.of(stale);
  }

  void strand(String member, long nowMs) {
    lapse(nowMs);
    if (!unseen.containsKey(member)) {
      acquire(member, nowMs, 0).ifPresent(delivery -> unseen.put(member, delivery));
    }
  }

  Answer acknowledge(String member, long offset, Wish wish, long nowMs) {
    lapse(nowMs);
    if (forgotten.remove(member)) {
      return Answer.NO_SESSION;
    }
    if (offset < startOffset()) {
      // Everything up to here is finished: the broker does not look who asks.
      return Answer.DONE;
    }
    Entry entry = unfinished.get(offset);
    if (entry == null || !entry.holder.equals(member)) {
      return Answer.INVALID_STATE;
    }
    switch (wish) {
      case ACCEPT -> unfinished.remove(offset);
      case RELEASE -> giveBack(entry);
      case REJECT -> bury(entry, "rejected");
      case RENEW -> entry.lockEndMs = nowMs + limits.lockMs();
    }
    return Answer.DONE;
  }

  void leave(String member, long nowMs) {
    lapse(nowMs);
    unseen.remove(member);
    forgotten.remove(member);
    List.copyOf(unfinished.values()).stream()
        .filter(entry -> entry.holder.equals(member))
        .forEach(this::giveBack);
  }

  void restart(long nowMs) {
    lapse(nowMs);
    for (Entry entry : unfinished.values()) {
      if (entry.held()) {
        forgotten.add(entry.holder);
        entry.holder = "";
      }
      entry.deliveries = entry.durableDeliveries;
    }
  }

  OptionalLong nextLapseMs() {
    return unfinished.values().stream().filter(Entry::held).mapToLong(e -> e.lockEndMs).min();
  }

  int waiting(long nowMs) {
    return unfinished.size() - held(nowMs);
  }

  int held(long nowMs) {
    lapse(nowMs);
    return (int) unfinished.values().stream().filter(Entry::held).count();
  }

  private long startOffset() {
    return unfinished.isEmpty() ? nextOffset : unfinished.firstKey();
  }

  private Optional<Delivery> acquire(String member, long nowMs, int skip) {
    Entry entry = waiting(skip);
    if (entry == null) {
      return Optional.empty();
    }
    entry.holder = member;
    entry.lockEndMs = nowMs + limits.lockMs();
    entry.deliveries++;
    return Optional.of(entry.delivery());
  }

  /// The waiting record after `skip` others, or the last one; plain loops, because idle members ask
  /// all the time.
  private @Nullable Entry waiting(int skip) {
    long end = startOffset() + limits.maxRecordLocks();
    Entry found = null;
    int passed = 0;
    for (Entry entry : unfinished.values()) {
      if (entry.offset >= end || passed > skip) {
        break;
      }
      if (!entry.held()) {
        found = entry;
        passed++;
      }
    }
    return found;
  }

  void lapse(long nowMs) {
    List<Entry> lapsed = new ArrayList<>();
    for (Entry entry : unfinished.values()) {
      if (entry.held() && entry.lockEndMs <= nowMs) {
        lapsed.add(entry);
      }
    }
    lapsed.forEach(this::giveBack);
  }

  private void giveBack(Entry entry) {
    entry.holder = "";
    entry.durableDeliveries = entry.deliveries;
    if (entry.deliveries >= limits.deliveryLimit()) {
      bury(entry, "delivered too often");
    }
  }

  private void bury(Entry entry, String reason) {
    unfinished.remove(entry.offset);
    deadLetters.accept(new DeadLetter(entry.key, entry.value, reason));
  }
}
