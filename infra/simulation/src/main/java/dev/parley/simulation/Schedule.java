package dev.parley.simulation;

import java.util.PriorityQueue;

/// Simulated time: what is to happen when. Events of one moment happen in the order they were added.
final class Schedule {

  private record Event(long atMs, long order, Runnable what) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      int byTime = Long.compare(atMs, other.atMs);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private long order;
  private long nowMs;

  Schedule(long startMs) {
    nowMs = startMs;
  }

  long now() {
    return nowMs;
  }

  void at(long atMs, Runnable what) {
    events.add(new Event(Math.max(atMs, nowMs), order++, what));
  }

  /// Lets the next thing happen.
  void step() {
    Event event = events.remove();
    nowMs = event.atMs;
    event.what.run();
  }
}
