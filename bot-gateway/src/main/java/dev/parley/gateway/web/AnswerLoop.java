package dev.parley.gateway.web;

import dev.parley.gateway.chat.AnswerView;
import dev.parley.gateway.chat.TurnEvent;
import dev.parley.gateway.chat.Turns;
import dev.parley.shared.wire.TokenLogprob;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Carries the events of one turn, or of all choices of one request, to one reader until they have ended or the reader
/// goes: drains [PendingEvents], settles them in [ShownAnswer]s, and tells a [Sink] what to write.
final class AnswerLoop {

  /// How one kind of reader is told. `choice` is the turn's number, 0 where there is one only.
  interface Sink {
    /// Turns that come first.
    void position(int before) throws IOException;

    /// @param logprobs of tokens whose logprobs were not told yet, if the request wants them, else none
    void append(int choice, String added, int at, List<TokenLogprob> logprobs) throws IOException;

    /// What was shown of a turn is void, its logprobs too.
    ///
    /// @return whether this reader can be told so; if not, the loop ends as [Outcome#UNSHOWABLE]
    boolean replace(int choice, String whole) throws IOException;

    /// @param logprobs that came with no text
    /// @return whether the other turns are still of use
    boolean end(int choice, TurnEvent.Ended end, List<TokenLogprob> logprobs) throws IOException;

    /// Nothing happened for a while: find out whether the reader is still there.
    void idle() throws IOException;
  }

  /// How a loop ended.
  enum Outcome {
    /// All have, or one in a way that ends all.
    ENDED,
    /// The reader is gone.
    GONE,
    /// The answer was restarted, and this reader cannot take back what it has.
    UNSHOWABLE
  }

  private final Turns turns;
  private final List<ShownAnswer> answers;
  private final PendingEvents events;
  private final Duration heartbeat;

  /// @param answers in the order of the turns of `events`
  AnswerLoop(Turns turns, List<ShownAnswer> answers, PendingEvents events, Duration heartbeat) {
    this.turns = turns;
    this.answers = List.copyOf(answers);
    this.events = events;
    this.heartbeat = heartbeat;
  }

  Outcome run(Sink sink) {
    try {
      while (true) {
        Optional<Outcome> outcome = step(sink);
        if (outcome.isPresent()) {
          return outcome.get();
        }
      }
    } catch (IOException | UncheckedIOException e) {
      // Writing failed: the reader closed its side.
      return Outcome.GONE;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Outcome.GONE;
    }
  }

  private Optional<Outcome> step(Sink sink) throws IOException, InterruptedException {
    return switch (events.next(heartbeat)) {
      case PendingEvents.Next.Event(int choice, TurnEvent event) -> event(choice, event, sink);
      case PendingEvents.Next.Resync(int choice) -> resync(choice, sink);
      case PendingEvents.Next.Idle() -> {
        sink.idle();
        yield Optional.empty();
      }
      case PendingEvents.Next.ClientGone() -> Optional.of(Outcome.GONE);
    };
  }

  private Optional<Outcome> event(int choice, TurnEvent event, Sink sink) throws IOException {
    ShownAnswer answer = answers.get(choice);
    return switch (event) {
      case TurnEvent.Position place -> {
        sink.position(place.before());
        yield Optional.empty();
      }
      case TurnEvent.Text piece -> apply(choice, answer.piece(piece), sink);
      case TurnEvent.Restarted whole -> apply(choice, answer.restarted(whole), sink);
      case TurnEvent.Ended end -> {
        Optional<Outcome> outcome = apply(choice, answer.whole(end.wholeText()), sink);
        yield outcome.isPresent() ? outcome : end(choice, end, sink);
      }
    };
  }

  private Optional<Outcome> end(int choice, TurnEvent.Ended end, Sink sink) throws IOException {
    ShownAnswer answer = answers.get(choice);
    answer.end();
    boolean goOn = sink.end(choice, end, answer.takeLogprobs());
    return goOn && !answers.stream().allMatch(ShownAnswer::ended)
        ? Optional.empty()
        : Optional.of(Outcome.ENDED);
  }

  private Optional<Outcome> resync(int choice, Sink sink) throws IOException {
    ShownAnswer answer = answers.get(choice);
    Optional<AnswerView> view = turns.view(answer.turn());
    return view.isPresent()
        ? apply(choice, answer.whole(view.get().text()), sink)
        : Optional.empty();
  }

  private Optional<Outcome> apply(int choice, ShownText.Change change, Sink sink)
      throws IOException {
    return switch (change) {
      case ShownText.Change.None() -> Optional.empty();
      case ShownText.Change.Append append -> {
        sink.append(choice, append.added(), append.at(), answers.get(choice).takeLogprobs());
        yield Optional.empty();
      }
      case ShownText.Change.Replace replace ->
          sink.replace(choice, replace.whole())
              ? Optional.empty()
              : Optional.of(Outcome.UNSHOWABLE);
      case ShownText.Change.Hole() -> resync(choice, sink);
    };
  }
}
