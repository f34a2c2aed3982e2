package dev.parley.worker.intake;

import java.time.Duration;
import java.util.Optional;

/// A place for one held prompt. Everything but [#wakeup()] is for one thread only.
///
/// ```
///             poll                      accept, reject, release
///   EMPTY ------------> HOLDING -----------------------------------> EMPTY
///     ^                    | abandon; renew: LOST or UNKNOWN           ^
///     |  poll, idle        v                                           |
///     +----------------- GONE ---- accept, reject, release: LOST ------+
/// ```
///
/// Who holds it either polls in a loop, has called [#idle()], or closes it. One that merely stops
/// polling may be given a record that nobody sees until its lock lapses.
///
/// An acknowledgement is no fence: CONFIRMED is also the answer to a late acknowledgement of a
/// prompt that somebody else has finished meanwhile. Trouble on the way to the broker is never
/// thrown: a poll returns nothing, an acknowledgement is UNKNOWN, and
/// [PromptSource#troubles()] says why.
public interface PromptHolder extends AutoCloseable {
  /// Waits for a prompt.
  ///
  /// @return at most one; nothing after `wait`, after [#wakeup()] or when the thread is interrupted
  /// @throws IllegalStateException when a prompt is held
  Optional<HeldRecord> poll(Duration wait);

  /// Keeps the held prompt for another lock duration. When it is not CONFIRMED the prompt is gone
  /// from this holder, though the work on it may go on: only the turn's store decides who may write.
  ///
  /// @throws IllegalStateException when no prompt is held
  AckResult renew();

  /// Lets go of the prompt without a word: its lock has lapsed, whatever the queue would answer. A lock that has
  /// not gives it to whoever polls next.
  void abandon();

  /// The prompt is done with.
  ///
  /// @throws IllegalStateException when no prompt was polled
  AckResult accept();

  /// The prompt can never be worked on: it becomes a dead letter.
  ///
  /// @throws IllegalStateException when no prompt was polled
  AckResult reject();

  /// Gives the prompt to whoever polls next. Costs one of its deliveries: never a way to wait.
  ///
  /// @throws IllegalStateException when no prompt was polled
  AckResult release();

  /// Takes part no more until the next [#poll]. It leaves no invisible hold, and may block for about a
  /// second to see to that.
  ///
  /// @throws IllegalStateException when a prompt is held
  void idle();

  /// Makes a waiting or the next [#poll] return at once. From any thread.
  void wakeup();

  /// Closes and gives back at once what is held, or what had arrived unseen; that costs one of its
  /// deliveries.
  ///
  /// @return what was held
  Optional<HeldRecord> drainAndClose(Duration limit);

  /// [#drainAndClose] with the configured limit.
  @Override
  void close();
}
