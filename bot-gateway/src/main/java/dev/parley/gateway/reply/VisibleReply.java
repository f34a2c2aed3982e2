package dev.parley.gateway.reply;

import dev.parley.gateway.reply.ReplyPlatform.Result;
import dev.parley.shared.turn.Outcome;
import dev.parley.shared.turn.StoreCaller;
import dev.parley.shared.turn.TurnRef;
import java.util.List;

/// One turn's message on a platform: sent once, then only edited.
///
/// ```
/// NONE --placing stored--> SENDING --Ok, placed stored--> PLACED --final edit Ok--> SHOWN
///                             | Unknown                      ^
///                             v                              |
///                         AMBIGUOUS --found by its mark------+     (a platform that can look)
///                             | cannot look: the final text is sent once, counted
///                             v
///                           SHOWN
/// ```
///
/// The intent to send is stored before the send, so that whoever takes the turn over knows that a
/// message may be out there. Not thread-safe; stepped by the turn's owner.
public final class VisibleReply {

  private enum Phase {
    NONE,
    SENDING,
    AMBIGUOUS,
    PLACED,
    SHOWN
  }

  /// What the reply reads from and tells its turn.
  public interface Turn {
    TurnRef ref();

    String gateway();

    /// What the user should see now.
    String visibleText();

    /// Whether [#visibleText] is the last word.
    boolean ended();

    /// Whether this gateway's liveness was confirmed recently enough to edit.
    boolean mayEdit();

    long deliverByMs();

    /// The time, also when a call's outcome comes back.
    long nowMs();

    /// The parts as stored; the reply keeps them up to date.
    List<String> parts();

    void placing(int part);

    /// Another gateway owns the turn.
    void lost();

    /// A send whose outcome nobody will ever know.
    void ambiguous();
  }

  private final Turn turn;
  private final ReplyPlatform platform;
  private final StoreCaller store;
  private final ReplyLimits limits;

  /// An answer that is complete before then goes out without a placeholder.
  private final long placeholderAtMs;

  private Phase phase;
  private boolean busy;
  private long notBeforeMs;
  private long lookAfterMs;
  private boolean repeatFinal;
  private boolean visible = true;
  private String lastText = "";

  /// A reply of a turn admitted now.
  public VisibleReply(
      Turn turn, ReplyPlatform platform, StoreCaller store, ReplyLimits limits, long nowMs) {
    this.turn = turn;
    this.platform = platform;
    this.store = store;
    this.limits = limits;
    this.phase = turn.parts().isEmpty() ? Phase.NONE : Phase.PLACED;
    this.placeholderAtMs = nowMs + limits.placeholderAfterMs();
  }

  /// A reply taken over from a dead gateway, whose last call may still be under way.
  public static VisibleReply adopted(
      Turn turn,
      ReplyPlatform platform,
      StoreCaller store,
      ReplyLimits limits,
      boolean placing,
      long nowMs) {
    VisibleReply reply = new VisibleReply(turn, platform, store, limits, nowMs);
    reply.repeatFinal = true;
    if (placing && reply.phase == Phase.NONE) {
      reply.doubt(nowMs);
    }
    return reply;
  }

  /// Whether nothing is left to show.
  public boolean done() {
    return phase == Phase.SHOWN;
  }

  /// Whether the user could see the end; meaningful once [#done].
  public boolean visible() {
    return visible;
  }

  /// Makes the next call that is due, at most one at a time.
  public void step(long nowMs) {
    if (busy || done() || nowMs < notBeforeMs) {
      return;
    }
    if (nowMs >= turn.deliverByMs()) {
      giveUp();
      return;
    }
    if (!turn.mayEdit()) {
      return;
    }
    switch (phase) {
      case NONE -> {
        if (turn.ended() || nowMs >= placeholderAtMs) {
          announce();
        }
      }
      case SENDING, SHOWN -> throw new IllegalStateException("nothing to do in " + phase);
      case AMBIGUOUS -> settle(nowMs);
      case PLACED -> edit(nowMs);
    }
  }

  private void announce() {
    busy = true;
    phase = Phase.SENDING;
    // Before the call: what is put back into Redis meanwhile must not say otherwise.
    turn.placing(1);
    store.call(
        "placing",
        turn.ref(),
        s -> s.placing(turn.ref(), turn.gateway(), 0),
        outcome -> {
          if (outcome != Outcome.OK) {
            refused(outcome);
          } else if (turn.mayEdit()) {
            send();
          } else {
            // The reply was long under way, or we slept: somebody else may send it by now.
            again(limits.retryMs());
          }
        },
        () -> again(limits.retryMs()));
  }

  private void refused(Outcome outcome) {
    again(limits.retryMs());
    if (outcome == Outcome.NOT_OWNER) {
      turn.lost();
    }
  }

  private void send() {
    String text = turn.visibleText();
    boolean last = turn.ended();
    platform.send(
        turn.ref(),
        text,
        result -> {
          busy = false;
          switch (result) {
            case Result.Ok ok -> placedAs(ok.messageId(), text, last);
            case Result.Unknown u -> phase = Phase.AMBIGUOUS;
            case Result.Later later -> again(later.retryAfterMs());
            case Result.Gone g -> giveUp();
            case Result.Absent a -> throw new IllegalStateException("a send finds nothing");
          }
        });
  }

  private void placedAs(String messageId, String text, boolean last) {
    turn.parts().add(messageId);
    turn.placing(0);
    lastText = text;
    phase = last ? Phase.SHOWN : Phase.PLACED;
    storePart(messageId);
  }

  private void storePart(String messageId) {
    busy = true;
    store.call(
        "placed",
        turn.ref(),
        s -> s.placed(turn.ref(), turn.gateway(), 0, messageId),
        outcome -> {
          busy = false;
          if (outcome == Outcome.NOT_OWNER) {
            turn.lost();
          }
        },
        () -> storePart(messageId));
  }

  /// A send of unknown outcome: find it, or wait for the end and say that once.
  private void settle(long nowMs) {
    if (nowMs < lookAfterMs) {
      return;
    }
    if (lookAfterMs == 0) {
      doubt(nowMs);
    } else if (platform.canFind()) {
      look();
    } else if (turn.ended()) {
      sendBlindly();
    }
  }

  private void doubt(long nowMs) {
    phase = Phase.AMBIGUOUS;
    lookAfterMs = nowMs + limits.httpTimeoutMs();
    notBeforeMs = lookAfterMs;
  }

  private void look() {
    busy = true;
    platform.find(
        turn.ref(),
        result -> {
          busy = false;
          switch (result) {
            case Result.Ok ok -> placedAs(ok.messageId(), "", false);
            case Result.Absent a -> again(0);
            case Result.Gone g -> giveUp();
            case Result.Unknown u -> pause(limits.retryMs());
            case Result.Later later -> pause(later.retryAfterMs());
          }
        });
  }

  private void sendBlindly() {
    busy = true;
    turn.ambiguous();
    platform.send(
        turn.ref(),
        turn.visibleText(),
        result -> {
          busy = false;
          switch (result) {
            case Result.Later later -> pause(later.retryAfterMs());
            case Result.Gone g -> giveUp();
            case Result.Ok ok -> placedAs(ok.messageId(), turn.visibleText(), true);
            case Result.Unknown u -> phase = Phase.SHOWN;
            case Result.Absent a -> throw new IllegalStateException("a send finds nothing");
          }
        });
  }

  private void edit(long nowMs) {
    String text = turn.visibleText();
    boolean last = turn.ended();
    if (text.equals(lastText) && !last) {
      return;
    }
    busy = true;
    notBeforeMs = nowMs + (last ? limits.retryMs() : limits.editEveryMs());
    platform.edit(
        turn.ref(),
        turn.parts().getFirst(),
        text,
        result -> {
          busy = false;
          switch (result) {
            case Result.Ok ok -> edited(text, last);
            case Result.Later later -> pause(later.retryAfterMs());
            case Result.Unknown u -> pause(limits.retryMs());
            case Result.Gone g -> giveUp();
            case Result.Absent a -> throw new IllegalStateException("an edit finds nothing");
          }
        });
  }

  private void edited(String text, boolean last) {
    lastText = text;
    if (!last) {
      return;
    }
    if (repeatFinal) {
      repeatFinal = false;
      pause(limits.httpTimeoutMs());
    } else {
      phase = Phase.SHOWN;
    }
  }

  /// Nothing was sent: the send is announced anew after a pause.
  private void again(long afterMs) {
    busy = false;
    phase = Phase.NONE;
    pause(afterMs);
  }

  private void pause(long ms) {
    notBeforeMs = turn.nowMs() + ms;
  }

  private void giveUp() {
    visible = false;
    phase = Phase.SHOWN;
  }
}
