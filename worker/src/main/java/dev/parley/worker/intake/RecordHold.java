package dev.parley.worker.intake;

/// The queue's record behind a held prompt: renewed before its lock lapses, in the end accepted or released,
/// once. One call to its holder is under way at a time.
///
/// It is ours for the length of its lock since the poll or the last confirmed renewal: a worker that slept longer
/// has lost it, though Kafka confirms a renewal when a rival has finished meanwhile.
final class RecordHold {
  private final PromptPorts ports;
  private final long renewMs;
  private final long lockMs;
  private long nextRenewMs;
  private long lockedUntilMs;
  private boolean held = true;
  private boolean renewing;
  private boolean ending;

  /// A record that was just polled.
  RecordHold(PromptPorts ports, IntakeLimits limits) {
    this.ports = ports;
    this.renewMs = limits.renewMs();
    this.lockMs = limits.lockMs();
    this.nextRenewMs = ports.nowMs() + renewMs;
    this.lockedUntilMs = ports.nowMs() + lockMs;
  }

  /// Whether the queue counts the record as ours, as far as we know.
  boolean held() {
    return held;
  }

  boolean renewing() {
    return renewing;
  }

  boolean ending() {
    return ending;
  }

  /// When the next renewal is due, ms.
  long nextMs() {
    return held && !renewing ? nextRenewMs : Long.MAX_VALUE;
  }

  /// Renews the lock when that is due, or finds that it has lapsed.
  ///
  /// @param then runs when the renewal was answered
  void keep(long now, Runnable then) {
    if (now >= lockedUntilMs) {
      lose();
    }
    if (!held || renewing || now < nextRenewMs) {
      return;
    }
    nextRenewMs = now + renewMs;
    renewing = true;
    ports.renew(result -> {
      renewing = false;
      switch (result) {
        case CONFIRMED -> lockedUntilMs = now + lockMs;
        case LOST -> lose();
        case UNKNOWN -> {}
      }
      then.run();
    });
  }

  private void lose() {
    if (held) {
      held = false;
      ports.counters().lockLost();
      ports.abandon();
    }
  }

  /// Accepts the record or releases it for others; whatever the answer, it is out of our hands then.
  ///
  /// @param then runs when nothing is held any more
  void end(boolean accept, Runnable then) {
    if (!held) {
      then.run();
      return;
    }
    ending = true;
    ports.acknowledge(
        accept,
        result -> {
          ending = false;
          held = false;
          then.run();
        });
  }
}
