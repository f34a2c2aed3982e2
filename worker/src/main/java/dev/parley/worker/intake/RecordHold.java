package dev.parley.worker.intake;

/// The queue's record behind a held prompt: renewed before its lock lapses, in the end accepted or released,
/// once. One call to its holder is under way at a time.
final class RecordHold {
  private final PromptPorts ports;
  private final long renewMs;
  private long nextRenewMs;
  private boolean held = true;
  private boolean renewing;
  private boolean ending;

  RecordHold(PromptPorts ports, long renewMs) {
    this.ports = ports;
    this.renewMs = renewMs;
    this.nextRenewMs = ports.nowMs() + renewMs;
  }

  /// Whether the queue still counts the record as ours, as far as we know.
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

  /// @param then runs when the renewal was answered
  void renewIfDue(long now, Runnable then) {
    if (!held || renewing || now < nextRenewMs) {
      return;
    }
    nextRenewMs = now + renewMs;
    renewing = true;
    ports.renew(result -> {
      renewing = false;
      if (result == AckResult.LOST) {
        held = false;
        ports.counters().lockLost();
      }
      then.run();
    });
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
