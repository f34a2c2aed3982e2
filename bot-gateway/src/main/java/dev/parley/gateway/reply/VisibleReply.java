package dev.parley.gateway.reply;

import dev.parley.gateway.reply.ReplyPlatform.Result;
import dev.parley.shared.turn.Outcome;
import dev.parley.shared.turn.StoreCaller;
import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.turn.TurnState;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// One turn's messages on a platform: each is sent once, then only edited; most replies have one, an answer
/// longer than the platform's limit rolls over into further ones. Where the platform has previews, the last page
/// is one until the answer ends, so that only whole pages are sent.
///
/// ```
///            +--- the platform lets a call leave: edit what differs, else preview, or announce
///            v    and send, what is missing, else delete what is too much ------------+
/// OPEN ------+------------------------------------------------------------------------+
///   |  ^     +-- send: Unknown --> DOUBTFUL -- found by its mark --> (placed) ---------+
///   |  |                               | cannot look: at the end it is sent once more, counted
///   |  +-------------------------------+
///   +-- ended, and every message shows it --> SHOWN
/// ```
///
/// The intent to send is stored before the send, so that whoever takes the turn over knows that a message may
/// be out there. What a call carries is decided when it leaves, never while it waits. Not thread-safe; stepped
/// by the turn's owner.
public final class VisibleReply<P> {

  private enum Phase {
    OPEN,
    DOUBTFUL,
    SHOWN
  }

  /// What the reply reads from and tells its turn.
  public interface Turn {
    TurnRef ref();

    String gateway();

    /// What the user should see now.
    ReplyContent content();

    /// Whether this gateway's liveness was confirmed recently enough to edit.
    boolean mayEdit();

    long deliverByMs();

    /// The time, also when a call's outcome comes back.
    long nowMs();

    /// Message ids by place; the reply keeps them up to date.
    ReplyParts parts();

    /// Another gateway owns the turn.
    void lost();

    /// The turn is closed: another one came in its place, or it was taken back.
    void replaced();

    /// A send whose outcome nobody will ever know.
    void ambiguous();

    /// Nobody can see an answer any more.
    void unreachable();
  }

  private static final String NO_SEARCH = "only a search finds nothing";

  private final Turn turn;
  private final ReplyPlatform<P> platform;
  private final StoreCaller store;
  private final ReplyLimits limits;

  /// An answer that is complete before then goes out without a placeholder.
  private final long placeholderAtMs;

  private final ShownPages<P> known = new ShownPages<>();

  /// What all messages together, and the preview below them, were last seen to show.
  private @Nullable ReplyContent shown;

  /// Whether words of the answer were visible.
  private boolean begun;

  private Phase phase = Phase.OPEN;
  private boolean busy;

  /// Whether the call that makes it busy has not left yet.
  private boolean waiting;

  /// Whether the last message may have been taken away already: nothing else is done before that is known.
  private boolean deleting;

  private long notBeforeMs;
  private long lookAfterMs;
  private boolean repeatEnd;

  /// Whether the messages are still those of the turn in whose place this one came.
  private boolean inherited;

  private boolean visible = true;

  /// The platform does not take this reply's previews.
  private boolean previewsRefused;

  /// A reply of a turn admitted now.
  public VisibleReply(
      Turn turn, ReplyPlatform<P> platform, StoreCaller store, ReplyLimits limits, long nowMs) {
    this.turn = turn;
    this.platform = platform;
    this.store = store;
    this.limits = limits;
    this.placeholderAtMs = nowMs + limits.placeholderAfterMs();
    this.inherited = turn.parts().count() > 0;
  }

  /// A reply taken over from a dead gateway, whose last call may still be under way.
  public static <P> VisibleReply<P> adopted(
      Turn turn, ReplyPlatform<P> platform, StoreCaller store, ReplyLimits limits, long nowMs) {
    VisibleReply<P> reply = new VisibleReply<>(turn, platform, store, limits, nowMs);
    reply.repeatEnd = true;
    reply.inherited = false;
    if (turn.parts().placing() > turn.parts().count()) {
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

  /// Whether a call has left whose effect is not known or not recorded yet.
  public boolean underWay() {
    return busy && !waiting;
  }

  /// Whether somebody else's call may still change the messages, so that the end has to be shown again after it.
  public boolean repeatsEnd() {
    return repeatEnd;
  }

  /// A call for the turn in whose place this one came may still change the messages.
  public void repeatEnd() {
    repeatEnd = true;
  }

  /// Makes the next call that is due, at most one at a time.
  public void step(long nowMs) {
    if (busy || done() || nowMs < notBeforeMs) {
      return;
    }
    if (nowMs >= turn.deliverByMs()) {
      giveUp();
    } else if (turn.mayEdit()) {
      if (phase == Phase.DOUBTFUL) {
        settle(nowMs);
      } else if (wanted(nowMs)) {
        whenFree(this::act);
      }
    }
  }

  private boolean wanted(long nowMs) {
    ReplyContent content = turn.content();
    if (content.equals(shown)) {
      return known.previewIsOld(nowMs);
    }
    return turn.parts().count() > 0
        || content.ended()
        || (nowMs >= placeholderAtMs && !isBehindAPreview(content));
  }

  /// Whether an earlier answer of the conversation has the place where previews are seen.
  private boolean isBehindAPreview(ReplyContent content) {
    return content.state() == TurnState.WAITING && hasPreviews();
  }

  private boolean hasPreviews() {
    return !previewsRefused && platform.previewMs().isPresent();
  }

  /// Whether all that is missing is the page that still grows, and that is previewed.
  private boolean isPreviewed(ReplyContent content, List<P> pages) {
    return !content.ended() && turn.parts().count() == pages.size() - 1 && hasPreviews();
  }

  private void whenFree(Runnable call) {
    busy = true;
    waiting = true;
    platform.whenFree(
        this::urgency,
        () -> {
          busy = false;
          waiting = false;
          if (!done() && turn.mayEdit()) {
            call.run();
          }
        });
  }

  private Urgency urgency() {
    ReplyContent content = turn.content();
    if (content.ended()) {
      return Urgency.END;
    }
    if (content.text().isEmpty()) {
      return turn.parts().count() == 0 ? Urgency.PLACEHOLDER : Urgency.MORE;
    }
    return begun ? Urgency.MORE : Urgency.FIRST;
  }

  /// The most wanted call: the reader reads from the top.
  private void act() {
    ReplyContent content = turn.content();
    List<P> pages = platform.pages(content);
    int count = turn.parts().count();
    Optional<Integer> stale = known.stale(pages, turn.parts());
    if (deleting || hasNobodys(content)) {
      delete(count - 1);
    } else if (stale.isPresent()) {
      change(stale.get(), pages.get(stale.get()), content);
    } else if (isPreviewed(content, pages)) {
      preview(pages.getLast(), content);
    } else if (count < pages.size()) {
      announce(count);
    } else if (count > pages.size()) {
      delete(count - 1);
    } else {
      lookWhetherAllIsShown();
    }
  }

  /// Whether there is a message that nobody knows and that is not ours: only an end is sent so.
  private boolean hasNobodys(ReplyContent content) {
    return (inherited || !content.ended()) && turn.parts().hasNobodys();
  }

  private void lookWhetherAllIsShown() {
    ReplyContent content = turn.content();
    List<P> pages = platform.pages(content);
    boolean complete = turn.parts().count() == pages.size();
    if (isPreviewed(content, pages)) {
      complete = known.previews(pages.getLast(), turn.nowMs());
    } else {
      known.noPreview();
    }
    if (!complete || known.stale(pages, turn.parts()).isPresent()) {
      return;
    }
    shown = content;
    if (content.ended() && !repeatEnd) {
      phase = Phase.SHOWN;
    } else if (content.ended()) {
      repeatEnd = false;
      shown = null;
      known.clear();
      pause(limits.httpTimeoutMs());
    }
  }

  // ---- send

  private void announce(int part) {
    busy = true;
    // Before the call: what is put back into Redis meanwhile must not say otherwise.
    turn.parts().placing(part + 1);
    store.call(
        "placing",
        turn.ref(),
        s -> s.placing(turn.ref(), turn.gateway(), part),
        outcome -> {
          if (outcome != Outcome.OK) {
            refused(outcome);
          } else if (turn.mayEdit()) {
            send(part);
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
    } else if (outcome == Outcome.ENDED) {
      turn.replaced();
    }
  }

  private void send(int part) {
    ReplyContent content = turn.content();
    List<P> pages = platform.pages(content);
    if (part >= pages.size()) {
      // The answer began anew meanwhile and is shorter.
      notSent(part, 0);
      return;
    }
    send(part, pages.get(part), content, ms -> notSent(part, ms), () -> phase = Phase.DOUBTFUL);
  }

  private void send(int part, P page, ReplyContent content, LongConsumer later, Runnable unknown) {
    busy = true;
    platform.send(
        turn.ref(),
        part,
        page,
        result -> {
          busy = false;
          switch (result) {
            case Result.Ok ok -> {
              known.sent(part, page);
              shows(content);
              sentAs(part, ok.messageId());
            }
            case Result.Later wait -> later.accept(wait.retryAfterMs());
            case Result.Unknown u -> unknown.run();
            case Result.Gone g -> giveUp();
            case Result.Moved m -> moved();
            case Result.Absent a -> throw new IllegalStateException(NO_SEARCH);
          }
        });
  }

  /// The record must not say that a message is on its way: nothing could come in the turn's place.
  private void notSent(int part, long afterMs) {
    again(afterMs);
    turn.parts().placed(part, ReplyParts.NONE);
    storePart(part, ReplyParts.NONE);
  }

  private void shows(ReplyContent content) {
    inherited = false;
    begun |= !content.text().isEmpty();
  }

  private void sentAs(int part, String messageId) {
    // A dead gateway's late edit needs a message of its own.
    repeatEnd &= part > 0;
    placedAs(part, messageId);
  }

  private void placedAs(int part, String messageId) {
    turn.parts().placed(part, messageId);
    phase = Phase.OPEN;
    lookAfterMs = 0;
    lookWhetherAllIsShown();
    storePart(part, messageId);
  }

  private void storePart(int part, String messageId) {
    busy = true;
    store.call(
        "placed",
        turn.ref(),
        s -> s.placed(turn.ref(), turn.gateway(), part, messageId),
        outcome -> {
          busy = false;
          if (outcome == Outcome.NOT_OWNER) {
            turn.lost();
          }
        },
        () -> storePart(part, messageId));
  }

  // ---- doubt

  /// A send of unknown outcome: find it, or wait for the end and say that once.
  private void settle(long nowMs) {
    if (nowMs < lookAfterMs) {
      return;
    }
    if (lookAfterMs == 0) {
      doubt(nowMs);
    } else if (platform.canFind()) {
      look();
    } else if (turn.content().ended()) {
      whenFree(this::sendBlindly);
    }
  }

  private void doubt(long nowMs) {
    phase = Phase.DOUBTFUL;
    lookAfterMs = nowMs + limits.httpTimeoutMs();
    notBeforeMs = lookAfterMs;
  }

  private void look() {
    busy = true;
    int part = turn.parts().count();
    platform.find(
        turn.ref(),
        part,
        result -> {
          if (result instanceof Result.Absent) {
            again(0);
          } else {
            settled(result, id -> placedAs(part, id), this::giveUp);
          }
        });
  }

  private void sendBlindly() {
    int part = turn.parts().count();
    ReplyContent content = turn.content();
    List<P> pages = platform.pages(content);
    turn.ambiguous();
    if (part < pages.size()) {
      Runnable unknown = () -> placedAs(part, ReplyParts.NOBODY_KNOWS);
      send(part, pages.get(part), content, this::pause, unknown);
    } else {
      // Too short for the message in doubt: if that is there, it stays.
      again(0);
    }
  }

  // ---- preview, edit and delete: what may be done again

  private void preview(P page, ReplyContent content) {
    if (known.previews(page, turn.nowMs())) {
      lookWhetherAllIsShown();
      return;
    }
    busy = true;
    platform.preview(
        turn.ref(),
        page,
        result ->
            settled(
                result,
                id -> {
                  known.previewed(page, turn.nowMs() + platform.previewMs().orElse(0));
                  begun |= !content.text().isEmpty();
                  lookWhetherAllIsShown();
                },
                () -> previewsRefused = true));
  }

  /// A message of another kind than its page goes, and those behind it before it, so that no gap is left.
  private void change(int part, P page, ReplyContent content) {
    if (platform.canBecome(turn.parts().id(part), page)) {
      edit(part, page, content);
    } else {
      delete(turn.parts().count() - 1);
    }
  }

  private void edit(int part, P page, ReplyContent content) {
    busy = true;
    platform.edit(
        turn.ref(),
        turn.parts().id(part),
        page,
        result ->
            settled(
                result,
                id -> {
                  known.edited(part, page);
                  shows(content);
                  lookWhetherAllIsShown();
                },
                () -> gone(part)));
  }

  /// An answer that began anew, or is another one, needs fewer messages, or others.
  private void delete(int part) {
    if (turn.parts().id(part).equals(ReplyParts.NOBODY_KNOWS)) {
      deleted(part);
      return;
    }
    busy = true;
    deleting = true;
    platform.delete(
        turn.ref(),
        turn.parts().id(part),
        result -> {
          deleting = result instanceof Result.Unknown;
          settled(result, id -> deleted(part), this::giveUp);
        });
  }

  private void deleted(int part) {
    known.deleted(part);
    turn.parts().placed(part, ReplyParts.NONE);
    lookWhetherAllIsShown();
    storePart(part, ReplyParts.NONE);
  }

  /// What becomes of a call that does no harm when it is made again.
  ///
  /// @param ok given the message's id
  private void settled(Result result, Consumer<String> ok, Runnable gone) {
    busy = false;
    switch (result) {
      case Result.Ok done -> ok.accept(done.messageId());
      case Result.Later later -> pause(later.retryAfterMs());
      case Result.Unknown u -> pause(limits.retryMs());
      case Result.Gone g -> gone.run();
      case Result.Moved m -> moved();
      case Result.Absent a -> throw new IllegalStateException(NO_SEARCH);
    }
  }

  // ---- what comes next

  /// Nothing was sent: the send is announced anew after a pause.
  private void again(long afterMs) {
    busy = false;
    phase = Phase.OPEN;
    lookAfterMs = 0;
    pause(afterMs);
  }

  /// Who took away an earlier answer did not mean this one.
  private void gone(int part) {
    if (inherited) {
      moved();
    } else if (part > 0 && repeatEnd) {
      // It was too much for whoever wrote here before, whose deletion was still under way.
      known.deleted(part);
      notSent(part, 0);
    } else {
      giveUp();
    }
  }

  /// The reply begins anew, with messages of its own.
  private void moved() {
    inherited = false;
    known.clear();
    shown = null;
    turn.parts().forget();
    again(0);
  }

  private void pause(long ms) {
    notBeforeMs = turn.nowMs() + ms;
  }

  private void giveUp() {
    visible = false;
    phase = Phase.SHOWN;
    turn.unreachable();
  }
}
