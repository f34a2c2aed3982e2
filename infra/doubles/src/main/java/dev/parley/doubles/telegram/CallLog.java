package dev.parley.doubles.telegram;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// The last calls, and how many there were in all. Not thread-safe.
final class CallLog {
  private static final int KEPT = 200_000;

  private final Deque<Call> calls = new ArrayDeque<>();
  private final Map<Method, Long> counts = new EnumMap<>(Method.class);

  void add(Call call) {
    counts.merge(call.method(), 1L, Long::sum);
    calls.addLast(call);
    if (calls.size() > KEPT) {
      calls.removeFirst();
    }
  }

  List<Call> calls() {
    return List.copyOf(calls);
  }

  long count(Method method) {
    return counts.getOrDefault(method, 0L);
  }
}
