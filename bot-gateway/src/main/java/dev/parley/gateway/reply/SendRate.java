package dev.parley.gateway.reply;

/// How often something may be done: every `everyMs`, and `burst` times at once after a rest, by the generic cell
/// rate algorithm (ITU-T I.371; leaky bucket as a meter). In any window of `w` ms it lets
/// `floor(w / everyMs) + burst` calls pass at most.
///
/// Its whole state is the *theoretical arrival time*: when the next call would come if all kept to the rate.
public record SendRate(long everyMs, int burst) {

  public SendRate {
    if (everyMs < 1 || burst < 1) {
      throw new IllegalArgumentException(
          "a rate needs a time and a burst: " + everyMs + ", " + burst);
    }
  }

  /// How much of the burst a call may use: none of it, if others are to find it unused.
  public int burstFor(Urgency urgency) {
    return urgency == Urgency.MORE ? 1 : burst;
  }

  /// How long a call at `nowMs` has to wait; 0 for not at all.
  long waitMs(long arrivalMs, long nowMs, Urgency urgency) {
    return Math.max(0, arrivalMs - nowMs - everyMs * (burstFor(urgency) - 1));
  }

  /// The theoretical arrival time after a call at `nowMs`.
  long after(long arrivalMs, long nowMs) {
    return Math.max(arrivalMs, nowMs) + everyMs;
  }

  /// The theoretical arrival time that makes even the most urgent call wait for `ms`.
  long held(long arrivalMs, long nowMs, long ms) {
    return Math.max(arrivalMs, nowMs + ms + everyMs * (burst - 1));
  }
}
