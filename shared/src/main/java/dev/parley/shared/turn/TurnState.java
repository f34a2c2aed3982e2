package dev.parley.shared.turn;

import dev.parley.shared.wire.EndReason;
import java.util.EnumSet;
import java.util.Set;

/// Where a turn is. Only the store's scripts change it.
///
/// ```
///         admit            produced         claim             finish
/// WAITING ----> READY ---------> QUEUED ---------> RUNNING ----------> DONE ------+
///    (head of q)  ^                ^  yield (drain)  |                            | delivered
///                 |                +-----------------+                            v
///                 +------------ requeue (sweeper) ---+     FAILED EXPIRED CANCELLED ---> DELIVERED | UNDELIVERABLE
/// ```
///
/// Any state before an end may go to FAILED, EXPIRED or CANCELLED; the first end wins.
public enum TurnState {
  /// Another turn of the conversation comes first.
  WAITING,
  /// Head of its conversation, to be produced by its owner.
  READY,
  /// A Kafka record asks for it.
  QUEUED,
  /// One attempt of one worker generates it.
  RUNNING,
  DONE,
  FAILED,
  EXPIRED,
  CANCELLED,
  /// The end is visible to the user.
  DELIVERED,
  /// The end could not be shown (bot removed, time over); counted.
  UNDELIVERABLE;

  /// The end that a reason leads to.
  public static TurnState of(EndReason end) {
    return switch (end) {
      case STOP, LENGTH -> DONE;
      case CANCELLED -> CANCELLED;
      case EXPIRED -> EXPIRED;
      case POISON,
          REFUSED,
          TOO_LONG,
          NO_MESSAGES,
          TEMPLATE,
          FORMAT,
          UNKNOWN_TOKEN,
          ENGINE,
          DECLINED,
          UNREADABLE ->
          FAILED;
    };
  }

  /// Whether the outcome is decided (shown already or not).
  public boolean ended() {
    return compareTo(DONE) >= 0;
  }

  /// Whether nothing is left to do.
  public boolean closed() {
    return this == DELIVERED || this == UNDELIVERABLE;
  }

  /// The states that may follow this one.
  public Set<TurnState> successors() {
    return switch (this) {
      case WAITING -> EnumSet.of(READY, FAILED, EXPIRED, CANCELLED);
      // A worker may claim before `produced` is recorded.
      case READY -> EnumSet.of(QUEUED, RUNNING, FAILED, EXPIRED, CANCELLED);
      case QUEUED -> EnumSet.of(RUNNING, FAILED, EXPIRED, CANCELLED);
      // RUNNING again: another worker took over.
      case RUNNING -> EnumSet.of(RUNNING, QUEUED, READY, DONE, FAILED, EXPIRED, CANCELLED);
      case DONE, FAILED, EXPIRED, CANCELLED -> EnumSet.of(DELIVERED, UNDELIVERABLE);
      case DELIVERED, UNDELIVERABLE -> EnumSet.noneOf(TurnState.class);
    };
  }
}
