package dev.parley.gateway.reply;

import dev.parley.shared.turn.TurnRef;
import java.util.function.Consumer;

/// A chat platform's API, as far as a reply needs it. Calls return at once; each calls back exactly
/// once, later, on the caller's machine thread.
public interface ReplyPlatform {

  /// What is known after a call.
  sealed interface Result {
    /// @param messageId of the message sent, edited or found
    record Ok(String messageId) implements Result {}

    /// A message with this turn's mark was looked for and is not there.
    record Absent() implements Result {}

    /// It may or may not have happened.
    record Unknown() implements Result {}

    /// Not taken now; nothing happened.
    record Later(long retryAfterMs) implements Result {}

    /// The chat or the message is gone for good (bot removed, message deleted).
    record Gone() implements Result {}
  }

  /// Whether [#find] works: an ambiguous send can be looked up before it is repeated.
  boolean canFind();

  /// Sends a new message.
  void send(TurnRef ref, String text, Consumer<Result> then);

  /// Replaces a message's text. "Not modified" is Ok.
  void edit(TurnRef ref, String messageId, String text, Consumer<Result> then);

  /// Looks for the message of this turn.
  void find(TurnRef ref, Consumer<Result> then);
}
