package dev.parley.gateway.turn;

import dev.parley.gateway.chat.TurnEvent;
import dev.parley.shared.turn.TurnState;
import dev.parley.shared.turn.TurnStore;
import dev.parley.shared.turn.TurnView;
import dev.parley.shared.turn.ViewReply;
import dev.parley.shared.wire.TokenLogprob;
import java.util.List;

/// One follower of a turn that another gateway owns, told from looks at the turn's record. Not
/// thread-safe; pure but for the events it tells.
final class RemoteTurn {

  /// What to do after a look.
  enum Next {
    /// Look again after a while.
    LATER,
    /// Look again at once: shown text is void.
    NOW,
    /// This gateway owns it: follow it here.
    HERE,
    /// It was never there.
    UNKNOWN,
    /// It is closed: its end is in the history.
    CLOSED,
    /// It was there and is not any more: Redis was emptied and nobody put it back.
    VANISHED,
    /// The end was told.
    ENDED
  }

  private final Follower follower;
  private final String gateway;
  private final long vanishMs;
  private final StringBuilder shown = new StringBuilder();
  private boolean begun;
  private boolean waited;
  private long restarts;
  private long lastDelta;
  private long missingSinceMs = -1;

  /// @param gateway this one
  /// @param vanishMs a known turn that is missing for so long does not come back
  RemoteTurn(Follower follower, String gateway, long vanishMs) {
    this.follower = follower;
    this.gateway = gateway;
    this.vanishMs = vanishMs;
  }

  Follower follower() {
    return follower;
  }

  /// What to read next.
  TurnStore.View wanted() {
    return new TurnStore.View(follower.ref(), lastDelta);
  }

  /// Tells the follower what is new.
  Next onReply(ViewReply reply, long nowMs) {
    return switch (reply) {
      case ViewReply.Cold cold -> Next.LATER;
      case ViewReply.Missing missing -> missing(nowMs);
      case ViewReply.Found found -> {
        missingSinceMs = -1;
        yield found(found.turn(), found.lastDelta());
      }
    };
  }

  private Next missing(long nowMs) {
    if (!begun) {
      return Next.UNKNOWN;
    }
    if (missingSinceMs < 0) {
      missingSinceMs = nowMs;
    }
    return nowMs - missingSinceMs < vanishMs ? Next.LATER : Next.VANISHED;
  }

  private Next found(TurnView turn, long storedDelta) {
    if (turn.state().closed()) {
      return Next.CLOSED;
    }
    if (turn.gateway().equals(gateway)) {
      return Next.HERE;
    }
    boolean other = turn.restarts() != restarts || storedDelta < lastDelta || endsOtherwise(turn);
    if (begun && other) {
      begun = false;
      lastDelta = 0;
      return Next.NOW;
    }
    grow(turn);
    if (!turn.state().ended()) {
      return Next.LATER;
    }
    end(turn);
    return Next.ENDED;
  }

  private boolean endsOtherwise(TurnView turn) {
    return turn.state().ended() && !turn.text().equals(shown + turn.shownText());
  }

  private void grow(TurnView turn) {
    String added = turn.shownText();
    List<TokenLogprob> logprobs = turn.logprobs();
    if (!begun) {
      begun = true;
      restarts = turn.restarts();
      shown.setLength(0);
      shown.append(added);
      follower.onEvent(new TurnEvent.Restarted(added, logprobs));
    } else if (!added.isEmpty() || !logprobs.isEmpty()) {
      follower.onEvent(new TurnEvent.Text(added, shown.length(), logprobs));
      shown.append(added);
    }
    lastDelta = Math.max(lastDelta, turn.lastDelta());
    if (waited && turn.state() != TurnState.WAITING && !turn.state().ended()) {
      follower.onEvent(new TurnEvent.Position(0));
    }
    waited = turn.state() == TurnState.WAITING;
  }

  private void end(TurnView turn) {
    if (!turn.text().startsWith(shown.toString())) {
      follower.onEvent(new TurnEvent.Restarted(turn.text()));
    }
    var end = turn.end().orElseThrow();
    follower.onEvent(new TurnEvent.Ended(end, turn.text(), turn.usage(), end.sentence()));
  }
}
