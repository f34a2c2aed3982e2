package dev.parley.gateway.web;

import dev.parley.gateway.chat.AnswerView;
import dev.parley.gateway.chat.TurnEvent;
import dev.parley.gateway.chat.Turns;
import dev.parley.shared.turn.TurnRef;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;

/// Carries one turn's events to one reader until the turn ends or the reader goes: drains
/// [PendingEvents], settles them in a [ShownText], and tells a [Sink] what to write.
final class AnswerLoop {

  /// How one kind of reader is told.
  interface Sink {
    /// Turns that come first.
    void position(int before) throws IOException;

    void append(String added, int at) throws IOException;

    /// What was shown is void.
    ///
    /// @return whether this reader can be told so; if not, the loop ends as [Outcome#UNSHOWABLE]
    boolean replace(String whole) throws IOException;

    void end(TurnEvent.Ended end) throws IOException;

    /// Nothing happened for a while: find out whether the reader is still there.
    void idle() throws IOException;
  }

  /// How a loop ended.
  enum Outcome {
    ENDED,
    /// The reader is gone.
    GONE,
    /// The answer was restarted, and this reader cannot take back what it has.
    UNSHOWABLE
  }

  private final Turns turns;
  private final TurnRef turn;
  private final PendingEvents events;
  private final ShownText shown;
  private final Duration heartbeat;

  AnswerLoop(Turns turns, TurnRef turn, PendingEvents events, ShownText shown, Duration heartbeat) {
    this.turns = turns;
    this.turn = turn;
    this.events = events;
    this.shown = shown;
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
      case PendingEvents.Next.Event event -> event(event.event(), sink);
      case PendingEvents.Next.Resync() -> resync(sink);
      case PendingEvents.Next.Idle() -> {
        sink.idle();
        yield Optional.empty();
      }
      case PendingEvents.Next.ClientGone() -> Optional.of(Outcome.GONE);
    };
  }

  private Optional<Outcome> event(TurnEvent event, Sink sink) throws IOException {
    return switch (event) {
      case TurnEvent.Position place -> {
        sink.position(place.before());
        yield Optional.empty();
      }
      case TurnEvent.Text piece -> apply(shown.piece(piece.added(), piece.offset()), sink);
      case TurnEvent.Restarted whole -> apply(shown.whole(whole.wholeText()), sink);
      case TurnEvent.Ended end -> {
        Optional<Outcome> outcome = apply(shown.whole(end.wholeText()), sink);
        if (outcome.isEmpty()) {
          sink.end(end);
        }
        yield outcome.or(() -> Optional.of(Outcome.ENDED));
      }
    };
  }

  private Optional<Outcome> resync(Sink sink) throws IOException {
    Optional<AnswerView> view = turns.view(turn);
    return view.isPresent() ? apply(shown.whole(view.get().text()), sink) : Optional.empty();
  }

  private Optional<Outcome> apply(ShownText.Change change, Sink sink) throws IOException {
    return switch (change) {
      case ShownText.Change.None() -> Optional.empty();
      case ShownText.Change.Append append -> {
        sink.append(append.added(), append.at());
        yield Optional.empty();
      }
      case ShownText.Change.Replace replace ->
          sink.replace(replace.whole()) ? Optional.empty() : Optional.of(Outcome.UNSHOWABLE);
      case ShownText.Change.Hole() -> resync(sink);
    };
  }
}
