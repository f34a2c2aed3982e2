package dev.parley.simulation;

/// A process: it may die (nothing more happens to it) or be paused (everything waits).
final class Actor {

  final String id;

  /// What its own clock shows beyond the true time, ms.
  final long skewMs;

  private final Schedule schedule;
  private boolean alive = true;
  private long pausedUntilMs;

  Actor(String id, Schedule schedule, long skewMs) {
    this.id = id;
    this.schedule = schedule;
    this.skewMs = skewMs;
  }

  boolean alive() {
    return alive;
  }

  boolean paused() {
    return schedule.now() < pausedUntilMs;
  }

  long clock() {
    return schedule.now() + skewMs;
  }

  void kill() {
    alive = false;
  }

  void pause(long forMs) {
    pausedUntilMs = Math.max(pausedUntilMs, schedule.now() + forMs);
  }

  /// Something reaches the process after a delay.
  void after(long delayMs, Runnable what) {
    schedule.at(schedule.now() + delayMs, () -> deliver(what));
  }

  private void deliver(Runnable what) {
    if (!alive) {
      return;
    }
    if (paused()) {
      schedule.at(pausedUntilMs, () -> deliver(what));
    } else {
      what.run();
    }
  }
}
