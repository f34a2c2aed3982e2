package dev.parley.gateway.turn;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Calls that concern no open turn and had no answer yet, by what they are for: each is made again soon, once
/// however often it was asked for.
final class Repeats {
  private final TurnPorts ports;
  private final Map<String, Runnable> calls = new LinkedHashMap<>();
  private long nextMs;

  Repeats(TurnPorts ports) {
    this.ports = ports;
  }

  void add(String what, Runnable call) {
    calls.put(what, call);
  }

  /// Makes the calls again when their pause is over.
  void tick(long now) {
    if (calls.isEmpty() || now < nextMs) {
      return;
    }
    nextMs = now + ports.limits().retryMs();
    List<Runnable> due = List.copyOf(calls.values());
    calls.clear();
    due.forEach(Runnable::run);
  }
}
