package dev.parley.gateway.chat;

import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.wire.TurnRequest;
import java.util.List;
import java.util.Optional;

/// The turn machinery as platforms see it: submit a message, watch its answer, stop it.
///
/// Every method may block briefly on a store or a queue, and is called from virtual threads. A store
/// that does not answer is a [Submission.Refusal#UNAVAILABLE] for `submit`, and
/// [dev.parley.shared.turn.StoreUnavailable] for the others.
public interface Turns {

  /// Takes a message in. After [Submission.Accepted] it will get exactly one answer or one apology.
  /// The same conversation and message id name the same turn however often they are submitted: a
  /// retry gets [Submission.Existing].
  ///
  /// The listener is called for accepted and existing turns as by [#watch], never after a refusal,
  /// and perhaps before this method returns. The subscription comes with the reply.
  default Submission submit(InboundMessage message, TurnListener listener) {
    return submit(List.of(message), List.of(listener)).getFirst();
  }

  /// Takes in messages of one user whose answers are of use only together, each a turn of its own. A limit on what
  /// is in progress refuses all of them or none; a store that ceases to answer may still refuse some, and it is the
  /// caller's to [#cancel] the others.
  ///
  /// @param messages of different conversations, or they wait for each other; not empty
  /// @param listeners one for each
  /// @return what became of each, in their order
  List<Submission> submit(List<InboundMessage> messages, List<? extends TurnListener> listeners);

  /// What is known of a turn right now, on any gateway; empty when there is no such turn (any more).
  Optional<AnswerView> view(TurnRef turn);

  /// Follows a turn from the text it has now: the first event is [TurnEvent.Restarted] with the whole
  /// text so far, then come the changes, and [TurnEvent.Ended] is the last. A turn that has ended
  /// already gets both at once. An unknown turn gets no event; ask [#view] first.
  Subscription watch(TurnRef turn, TurnListener listener);

  /// Stops a turn wherever it is: waiting, queued or running. False when it had ended otherwise or is
  /// unknown.
  boolean cancel(TurnRef turn);

  /// Turns of a conversation that are not over, the oldest first; some that are may be among them.
  List<TurnRef> open(String conversation);

  /// The newest message of a conversation; empty when there is none that is remembered.
  Optional<Newest> newest(String conversation);

  /// A conversation's newest message.
  ///
  /// @param request as it was asked
  record Newest(AnswerView view, TurnRequest request) {}

  /// The platform's ids of the messages of a turn's reply, as far as they are known.
  List<String> messages(TurnRef turn);

  /// Takes a conversation's newest message back: its turn ends silently and leaves the history.
  ///
  /// @return the platform's ids of the reply's messages, which are the caller's to remove; empty when it is not (any
  ///     more) the newest
  Optional<List<String>> retract(TurnRef turn);

  /// Takes a message in whose answer stands in the place of that of the conversation's newest one: asked again,
  /// or edited. The old turn ends silently and leaves the history; its reply's messages are the new one's.
  ///
  /// @return [Submission.Refusal#NOT_NEWEST] when `old` is not (any more) the newest; else as [#submit]
  Submission replace(TurnRef old, InboundMessage successor, TurnListener listener);

  /// How busy it is.
  Load load();

  /// How busy it is: on this gateway, and at all workers that live.
  ///
  /// @param open turns of this gateway
  /// @param slots answers that all workers can write at once
  /// @param free those of them that nobody uses
  record Load(int open, int workers, int slots, int free) {}

  /// Forgets what was said in a conversation, also in turns that are open now.
  void forget(String conversation);

  /// Finished exchanges of a conversation, oldest first, as far back as history is kept.
  List<Exchange> history(String conversation);

  /// A listener's registration. Closing it twice is harmless; an event may still be under way.
  interface Subscription extends AutoCloseable {
    @Override
    void close();
  }
}
