package dev.parley.simulation;

import dev.parley.shared.testing.FakeTurnStore;
import dev.parley.shared.testing.Publisher;
import dev.parley.shared.turn.Admission;
import dev.parley.shared.turn.AppendReply;
import dev.parley.shared.turn.Claim;
import dev.parley.shared.turn.ClaimReply;
import dev.parley.shared.turn.DueTurn;
import dev.parley.shared.turn.Outcome;
import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.turn.TurnState;
import dev.parley.shared.turn.TurnView;
import dev.parley.shared.wire.Delta;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/// The fake store with at most one mistake in it, telling a listener what its scripts did.
final class BuggyStore extends FakeTurnStore {

  /// What the world wants to know.
  interface Listener {
    void onTransition(TurnRef ref, TurnState from, TurnState to);

    void onClaimed(Claim claim);

    void onWritten(TurnRef ref, String attempt, String what);

    void onReplaced(TurnRef old, TurnState was, TurnRef by);

    void onRetracted(TurnRef ref);
  }

  private final Bug bug;
  private final Listener listener;
  private boolean adopting;

  BuggyStore(Bug bug, LongSupplier clock, Publisher publisher, Listener listener) {
    super(clock, publisher);
    this.bug = bug;
    this.listener = listener;
  }

  @Override
  public ClaimReply claim(Claim claim) {
    Claim asked = claim;
    if (bug == Bug.DROP_AT_FIRST_ASK && !claim.secondAsk()) {
      ClaimReply reply = claimOnce(claim);
      return reply instanceof ClaimReply.Wait && peek(claim.ref()).isPresent()
          ? new ClaimReply.Drop()
          : reply;
    }
    return claimOnce(asked);
  }

  private ClaimReply claimOnce(Claim claim) {
    ClaimReply reply = super.claim(claim);
    if (reply instanceof ClaimReply.Run) {
      listener.onClaimed(claim);
    }
    return reply;
  }

  @Override
  public AppendReply append(TurnRef ref, String attempt, List<Delta> deltas) {
    List<Delta> sent = deltas;
    if (bug == Bug.APPEND_WITHOUT_NUMBER) {
      long n = peek(ref).map(TurnView::lastDelta).orElse(0L);
      sent = new ArrayList<>();
      for (Delta delta : deltas) {
        sent.add(new Delta(++n, delta.ids(), delta.text(), delta.logprobs()));
      }
    }
    AppendReply reply = super.append(ref, attempt, sent);
    if (reply instanceof AppendReply.Ok) {
      listener.onWritten(ref, attempt, "append");
    }
    return reply;
  }

  @Override
  public Outcome restore(TurnView memory, long livenessAgeMs) {
    Outcome outcome = super.restore(memory, bug == Bug.RESTORE_WITHOUT_AGE ? 0 : livenessAgeMs);
    if (outcome == Outcome.OK) {
      listener.onWritten(memory.ref(), memory.attempt(), "restore");
    }
    return outcome;
  }

  @Override
  public Outcome replace(TurnRef old, Admission successor) {
    Optional<TurnView> before = peek(old);
    Outcome outcome = super.replace(old, successor);
    if (outcome == Outcome.OK) {
      listener.onReplaced(old, before.orElseThrow().state(), successor.ref());
    }
    return outcome;
  }

  @Override
  public Outcome retract(TurnRef ref) {
    Outcome outcome = super.retract(ref);
    if (outcome == Outcome.OK) {
      listener.onRetracted(ref);
    }
    return outcome;
  }

  @Override
  public Outcome adopt(TurnRef ref, String observed, String gateway, long beat) {
    adopting = true;
    Outcome outcome = super.adopt(ref, observed, gateway, beat);
    adopting = false;
    return outcome;
  }

  @Override
  public List<DueTurn> sweep(int limit) {
    adopting = true;
    List<DueTurn> due = super.sweep(limit);
    adopting = false;
    return due;
  }

  @Override
  protected boolean sending(TurnView turn) {
    return bug != Bug.REPLACE_BESIDE_A_SEND && super.sending(turn);
  }

  @Override
  protected List<String> handedOver(List<String> parts) {
    return bug == Bug.REPLACE_WITHOUT_MESSAGES ? List.of() : super.handedOver(parts);
  }

  @Override
  protected boolean gatewayAlive(String gateway) {
    return !(adopting && bug == Bug.ADOPT_WITHOUT_LIVENESS) && super.gatewayAlive(gateway);
  }

  @Override
  protected void onEnded(TurnRef ref) {
    if (bug == Bug.RELEASE_AT_DONE) {
      releaseSecond(ref.conversation());
    }
  }

  @Override
  protected void onTransition(TurnRef ref, TurnState from, TurnState to) {
    listener.onTransition(ref, from, to);
  }
}
