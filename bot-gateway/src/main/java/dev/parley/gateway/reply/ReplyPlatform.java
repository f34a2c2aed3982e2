package dev.parley.gateway.reply;

import dev.parley.shared.turn.TurnRef;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// A chat platform's API, as far as the reply to one message needs it. Calls return at once; each calls back
/// exactly once, later, on the caller's machine thread.
///
/// @param <P> what one of the platform's messages consists of; equal ones look the same
public interface ReplyPlatform<P> {

  /// What is known after a call.
  sealed interface Result {
    /// @param messageId of the message sent, edited, deleted or found
    record Ok(String messageId) implements Result {}

    /// A message with this turn's mark was looked for and is not there.
    record Absent() implements Result {}

    /// It may or may not have happened.
    record Unknown() implements Result {}

    /// Not taken now; nothing happened.
    record Later(long retryAfterMs) implements Result {}

    /// The chat or the message is gone for good (bot removed, message deleted).
    record Gone() implements Result {}

    /// The chat has become another one, where the messages so far are out of reach; nothing happened. Further
    /// calls go there.
    record Moved() implements Result {}
  }

  /// The reply's messages in their order, at least one. While an answer grows, all but the last stay as they
  /// are.
  List<P> pages(ReplyContent content);

  /// Waits until a call may leave without breaking the platform's limits.
  ///
  /// @param urgency asked again and again: a call that waits may become urgent
  void whenFree(Supplier<Urgency> urgency, Runnable then);

  /// Whether [#find] works: an ambiguous send can be looked up before it is repeated.
  boolean canFind();

  /// Sends a new message.
  ///
  /// @param part its place among the reply's messages, from 0
  void send(TurnRef ref, int part, P page, Consumer<Result> then);

  /// Whether [#edit] can make a message show a page: a platform may have messages of several kinds.
  default boolean canBecome(String messageId, P page) {
    return true;
  }

  /// Replaces a message's content. "Not modified" is Ok.
  void edit(TurnRef ref, String messageId, P page, Consumer<Result> then);

  /// Takes a message away. One that is not there is Ok.
  void delete(TurnRef ref, String messageId, Consumer<Result> then);

  /// How long a page that [#preview] showed need not be shown again, ms; empty where nothing can be previewed, or not
  /// any more: then an answer grows as messages that are edited.
  default OptionalLong previewMs() {
    return OptionalLong.empty();
  }

  /// Shows a page below the reply's messages in passing: it is no message, the next one takes its place, and it
  /// vanishes by itself. Once more is the same as once. `Gone`: previews do not work here.
  default void preview(TurnRef ref, P page, Consumer<Result> then) {
    throw new UnsupportedOperationException("nothing can be previewed");
  }

  /// Looks for the message of this turn at that place.
  void find(TurnRef ref, int part, Consumer<Result> then);
}
