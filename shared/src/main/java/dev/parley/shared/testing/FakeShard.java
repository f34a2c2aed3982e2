package dev.parley.shared.testing;

import dev.parley.shared.turn.HistoryEntry;
import dev.parley.shared.turn.TurnRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The keys of [FakeTurnStore]: what one Redis holds.
final class FakeShard {

  long epochMs;
  final Map<TurnRef, FakeTurn> turns = new TreeMap<>();
  final Map<String, List<String>> queues = new TreeMap<>();
  final Map<String, List<String>> history = new TreeMap<>();
  final Map<String, Long> historyUntil = new TreeMap<>();
  final Map<String, String> newest = new TreeMap<>();
  private static final Pattern TURN_ID = Pattern.compile("\"turnId\":\"([^\"]+)\"");

  final Map<String, Long> forgotten = new TreeMap<>();
  final Map<TurnRef, Long> due = new TreeMap<>();
  final Map<String, Long> gatewayUntil = new TreeMap<>();
  final Map<String, Long> gatewayCounter = new TreeMap<>();
  final Map<String, Long> workerUntil = new TreeMap<>();
  final Map<String, List<String>> workerAtWork = new TreeMap<>();
  final Map<String, String> load = new TreeMap<>();

  FakeShard copy() {
    FakeShard copy = new FakeShard();
    copy.epochMs = epochMs;
    turns.forEach((ref, turn) -> copy.turns.put(ref, turn.copy()));
    queues.forEach((c, ids) -> copy.queues.put(c, new ArrayList<>(ids)));
    history.forEach((c, entries) -> copy.history.put(c, new ArrayList<>(entries)));
    copy.historyUntil.putAll(historyUntil);
    copy.newest.putAll(newest);
    copy.forgotten.putAll(forgotten);
    copy.due.putAll(due);
    copy.gatewayUntil.putAll(gatewayUntil);
    copy.gatewayCounter.putAll(gatewayCounter);
    copy.workerUntil.putAll(workerUntil);
    copy.workerAtWork.putAll(workerAtWork);
    copy.load.putAll(load);
    return copy;
  }

  List<String> queue(String conversation) {
    return queues.computeIfAbsent(conversation, c -> new ArrayList<>());
  }

  /// Adds the turn's id by order of admission, once.
  void enqueue(FakeTurn turn) {
    List<String> queue = queue(turn.ref.conversation());
    if (queue.contains(turn.ref.turnId())) {
      return;
    }
    int place = 0;
    while (place < queue.size() && comesBefore(turn, queue.get(place))) {
      place++;
    }
    queue.add(place, turn.ref.turnId());
    newest.putIfAbsent(turn.ref.conversation(), turn.ref.turnId());
    if (place == queue.size() - 1) {
      newest.put(turn.ref.conversation(), turn.ref.turnId());
    }
  }

  private boolean comesBefore(FakeTurn turn, String otherId) {
    FakeTurn other = turns.get(new TurnRef(turn.ref.conversation(), otherId));
    return other == null
        || other.admittedMs < turn.admittedMs
        || (other.admittedMs == turn.admittedMs && otherId.compareTo(turn.ref.turnId()) < 0);
  }

  /// The first turn of the queue that is not closed; closed and unknown ones before it are dropped.
  @Nullable FakeTurn openHead(String conversation) {
    List<String> queue = queue(conversation);
    while (!queue.isEmpty()) {
      FakeTurn head = turns.get(new TurnRef(conversation, queue.getFirst()));
      if (head != null && !head.state.closed()) {
        return head;
      }
      queue.removeFirst();
    }
    return null;
  }

  /// A living gateway's counter, -1 of a dead one.
  long lastBeat(String gateway) {
    return gatewayUntil.containsKey(gateway) ? gatewayCounter.getOrDefault(gateway, -1L) : -1;
  }

  void remember(String conversation, HistoryEntry entry, long nowMs) {
    if (entry.json().isEmpty()) {
      return;
    }
    List<String> entries = history.computeIfAbsent(conversation, c -> new ArrayList<>());
    entries.add(entry.json());
    while (entries.size() > entry.maxEntries()) {
      entries.removeFirst();
    }
    historyUntil.put(conversation, nowMs + entry.ttlMs());
  }

  /// Drops this turn's exchange from the history.
  void forget(TurnRef ref) {
    history
        .getOrDefault(ref.conversation(), new ArrayList<>())
        .removeIf(entry -> entry.contains("\"turnId\":\"" + ref.turnId() + "\""));
  }

  /// The last turn of a conversation's queue, else that of its last exchange.
  Optional<TurnRef> lastOf(String conversation) {
    if (!queue(conversation).isEmpty()) {
      return Optional.of(new TurnRef(conversation, queue(conversation).getLast()));
    }
    List<String> entries = history.getOrDefault(conversation, List.of());
    if (entries.isEmpty()) {
      return Optional.empty();
    }
    Matcher id = TURN_ID.matcher(entries.getLast());
    return id.find() ? Optional.of(new TurnRef(conversation, id.group(1))) : Optional.empty();
  }

  /// Whether it is the newest of its conversation; a store that was emptied does not know.
  boolean isNewest(TurnRef ref) {
    return newest.getOrDefault(ref.conversation(), ref.turnId()).equals(ref.turnId());
  }

  List<TurnRef> dueBefore(long nowMs, int limit) {
    return due.entrySet().stream()
        .filter(e -> e.getValue() <= nowMs)
        .sorted(
            Map.Entry.<TurnRef, Long>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
        .limit(limit)
        .map(Map.Entry::getKey)
        .toList();
  }

  void expire(long nowMs) {
    turns.values().removeIf(t -> t.expiresMs <= nowMs);
    gatewayUntil.values().removeIf(until -> until <= nowMs);
    workerUntil.values().removeIf(until -> until <= nowMs);
    historyUntil
        .entrySet()
        .removeIf(e -> {
          boolean over = e.getValue() <= nowMs;
          if (over) {
            history.remove(e.getKey());
          }
          return over;
        });
  }

  List<String> dump(long nowMs) {
    List<String> lines = new ArrayList<>();
    lines.add("epoch " + epochMs);
    turns.values().forEach(t -> lines.add("t " + t.view(0) + " gone=" + t.goneMs));
    queues.forEach((c, ids) -> {
      if (!ids.isEmpty()) {
        lines.add("q " + c + " " + ids);
      }
    });
    history.forEach((c, entries) -> {
      if (!entries.isEmpty()) {
        lines.add("h " + c + " " + entries);
      }
    });
    newest.forEach((c, id) -> lines.add("n " + c + " " + id));
    forgotten.forEach((c, at) -> lines.add("f " + c + " " + at));
    due.forEach((ref, at) -> lines.add("due " + ref + " " + at));
    gatewayUntil.keySet().forEach(id -> lines.add("gw " + id + " " + lastBeat(id)));
    workerUntil
        .keySet()
        .forEach(id -> lines.add("wk " + id + " " + String.join(" ", workerAtWork.get(id))));
    lines.add("now " + nowMs);
    return lines;
  }
}
