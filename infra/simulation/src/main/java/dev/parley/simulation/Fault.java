package dev.parley.simulation;

/// What goes wrong in a run.
public enum Fault {
  WORKER_CRASH,
  /// Shorter than the lock: nobody notices, or a rival takes over and the record stays.
  WORKER_PAUSE,
  /// Longer than the lock: a zombie wakes up.
  WORKER_ZOMBIE,
  WORKER_DRAIN,
  /// No worker at all until past the deadlines.
  WORKERS_AWAY,
  GATEWAY_CRASH,
  GATEWAY_PAUSE,
  REDIS_WIPE,
  REDIS_ROLLBACK,
  REDIS_PAUSE,
  BROKER_RESTART,
  /// No broker until past the deadlines.
  BROKER_AWAY,
  /// A prompt stands twice in the queue.
  DUPLICATE_RECORD,
  /// A later record is delivered before an earlier one.
  REORDERED_RECORD,
  /// The broker gives a record up that is worth an answer.
  GIVEN_UP,
  /// A member that polls nothing holds a record nobody sees.
  STRANDED_RECORD,
  LOST_MESSAGE,
  /// The doorbell of a turn's end is lost.
  LOST_END,
  DUPLICATE_MESSAGE,
  REORDERED_MESSAGE,
  PUBSUB_KILL,
  /// The script ran, its reply is lost.
  STORE_TIMEOUT_AFTER,
  /// The script never ran, and nobody can tell.
  STORE_TIMEOUT_BEFORE,
  PRODUCE_UNKNOWN,
  /// The platform did what it was asked, its reply is lost.
  PLATFORM_TIMEOUT_AFTER,
  PLATFORM_TIMEOUT_BEFORE,
  PLATFORM_429,
  /// The bot was removed from the chat.
  PLATFORM_GONE,
  /// The platform delivers a message again, perhaps to another gateway.
  DUPLICATE_UPDATE,
  /// Clocks of gateways and workers differ by up to ten minutes.
  CLOCK_SKEW
}
