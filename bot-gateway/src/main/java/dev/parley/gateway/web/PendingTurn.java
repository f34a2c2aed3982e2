package dev.parley.gateway.web;

import dev.parley.gateway.chat.TurnEvent;
import dev.parley.shared.wire.TokenLogprob;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One turn's events that its reader has not taken yet, merged: text is joined, only the latest position counts. Past
/// a bound the text is dropped and to be read again; logprobs, which [LogprobsLimit] bounds, are kept. Not
/// thread-safe.
final class PendingTurn {
  private final int maxCharacters;
  private TurnEvent.@Nullable Position position;
  private TurnEvent.@Nullable Restarted restarted;
  private final StringBuilder text = new StringBuilder();
  private int textOffset;
  private final List<TokenLogprob> logprobs = new ArrayList<>();
  private boolean resync;
  private TurnEvent.@Nullable Ended ended;

  PendingTurn(int maxCharacters) {
    this.maxCharacters = maxCharacters;
  }

  void add(TurnEvent event) {
    switch (event) {
      case TurnEvent.Text piece -> append(piece);
      case TurnEvent.Restarted whole -> restart(whole);
      case TurnEvent.Position place -> position = place;
      case TurnEvent.Ended end -> ended = end;
    }
  }

  private void append(TurnEvent.Text piece) {
    logprobs.addAll(piece.logprobs());
    if (resync) {
      return;
    }
    if (text.isEmpty()) {
      textOffset = piece.offset();
    }
    if (piece.offset() != textOffset + text.length()
        || text.length() + piece.added().length() > maxCharacters) {
      text.setLength(0);
      resync = true;
      return;
    }
    text.append(piece.added());
  }

  private void restart(TurnEvent.Restarted whole) {
    restarted = whole;
    text.setLength(0);
    logprobs.clear();
    resync = false;
  }

  /// In the order a reader needs them: the place in the queue, a fresh start, more text, the end.
  Optional<TurnEvent> take() {
    TurnEvent event = null;
    if (position != null) {
      event = position;
      position = null;
    } else if (restarted != null) {
      event = restarted;
      restarted = null;
    } else if (!text.isEmpty() || !logprobs.isEmpty()) {
      event = new TurnEvent.Text(text.toString(), text.isEmpty() ? 0 : textOffset, logprobs);
      text.setLength(0);
      logprobs.clear();
    } else if (ended != null && !resync) {
      event = ended;
      ended = null;
    }
    return Optional.ofNullable(event);
  }

  /// Whether text was dropped or is missing, told once, when [#take] has nothing before it.
  boolean takeResync() {
    boolean dropped = resync;
    resync = false;
    return dropped;
  }
}
