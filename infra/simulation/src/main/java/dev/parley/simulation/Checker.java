package dev.parley.simulation;

import dev.parley.shared.turn.TurnStore;
import dev.parley.shared.turn.TurnView;
import dev.parley.shared.wire.EndReason;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Looks at a finished run for broken promises:
///
/// - I1 every accepted message got one visible answer or apology,
/// - I2 and no second message,
/// - I3 whose text, with its logprobs, is one complete answer, rightly continued, with nothing missing, doubled
///   or mixed,
/// - I4 in order within its conversation,
/// - I5 in bounded time,
/// - I6 leaving nothing behind,
/// - I7 and nothing was lost silently: an answer that was done is shown, an apology has its reason.
///
/// What took the place of another turn shows its answer in that one's messages, and nothing else is seen of either; of
/// what was taken back nothing is seen.
final class Checker {

  /// To notice a lost worker and have its record redelivered, ms.
  private static final long REDELIVERY_MS = 1_000;

  /// To generate one answer, ms.
  private static final long GENERATION_MS = 1_000;

  /// After the last fault was over, an answer may take this long, ms: Redis is rebuilt, a record
  /// redelivered, every turn of the longest queue generated and shown; an adopted one's last edit is
  /// repeated when the first can no longer arrive.
  private static final long BOUND_MS =
      TurnStore.REBUILD_MS
          + REDELIVERY_MS
          + SimGateway.MAX_QUEUE * (GENERATION_MS + SimGateway.HTTP_TIMEOUT_MS);

  /// Redis and the owner lost within this time, ms, lose a turn: the written exception.
  private static final long TOGETHER_MS = 10_000;

  /// After a rollback, until the last gateway has noticed it, ms.
  private static final long NOTICED_MS = 2_000;

  /// The longest answer with an apology needs no more messages on a platform.
  private static final int MOST_MESSAGES = 5;

  /// Faults that may leave a message on its way for seconds.
  private static final Set<Fault> HOLDS_MESSAGES_UP =
      EnumSet.of(
          Fault.GATEWAY_CRASH,
          Fault.GATEWAY_PAUSE,
          Fault.REDIS_PAUSE,
          Fault.STORE_TIMEOUT_AFTER,
          Fault.STORE_TIMEOUT_BEFORE,
          Fault.PLATFORM_TIMEOUT_AFTER,
          Fault.PLATFORM_TIMEOUT_BEFORE,
          Fault.PLATFORM_429);

  private final World world;
  private final boolean lostTogether;

  Checker(World world) {
    this.world = world;
    this.lostTogether = lostTogether(world.losses().memory(), world.losses().owners());
  }

  private static boolean lostTogether(List<Long> memory, List<Long> owners) {
    return memory.stream()
        .anyMatch(m -> owners.stream().anyMatch(o -> Math.abs(m - o) < TOGETHER_MS));
  }

  boolean exempt() {
    return lostTogether || world.cases().values().stream().anyMatch(this::forgotten);
  }

  /// A closed turn whose owner has died is known to Redis alone. When that is emptied, a record that a
  /// sleeping worker held on to is answered once more: part of the written exception.
  private boolean forgotten(Case turn) {
    return turn.closings.size() > 1
        && world
            .losses()
            .wipedAfterCrash(
                turn.closedBy, turn.closings.get(0).atMs(), turn.closings.get(1).atMs());
  }

  void check() {
    leftovers();
    for (Case turn : world.cases().values()) {
      if (exists(turn) && !lostTogether) {
        time(turn);
        if (isRetired(turn)) {
          retired(turn);
        } else if (!forgotten(turn)) {
          visible(turn);
        }
      }
      text(turn);
    }
    if (!lostTogether) {
      new OrderChecker(world).check();
    }
  }

  /// Whether a message became a turn. One that came in the place of another, and of which nobody was told, may have been
  /// forgotten in a rollback.
  private boolean exists(Case turn) {
    return turn.accepted || (turn.old.isPresent() && world.store().peek(turn.ref).isPresent());
  }

  private boolean isRetired(Case turn) {
    return turn.retracted || isReplaced(turn);
  }

  private boolean isReplaced(Case turn) {
    return world.cases().values().stream()
        .anyMatch(c -> c.old.equals(Optional.of(turn.ref)) && exists(c));
  }

  // ---- I6

  private void leftovers() {
    if (world.settled() || lostTogether) {
      return;
    }
    List<String> open =
        world.store().turns().stream()
            .filter(t -> !t.state().closed())
            .map(t -> t.ref() + " " + t.state() + " of " + t.gateway())
            .toList();
    world.violation(
        "I6 left behind: turns "
            + open
            + ", unacknowledged "
            + world.cases().values().stream()
                .filter(c -> !c.accepted && !c.refused)
                .map(c -> c.ref.toString())
                .toList()
            + ", owned "
            + world.fleet().gateways().stream()
                .flatMap(g -> g.owner.views().stream())
                .map(TurnView::ref)
                .toList()
            + ", holders idle "
            + world.fleet().workers().stream().allMatch(SimWorker::idle));
  }

  // ---- I1, I2, I7

  private void visible(Case turn) {
    switch (turn.kind) {
      case FINDABLE, BLIND -> message(turn);
      case PAGE -> page(turn);
      case STREAM -> stream(turn);
    }
  }

  /// What another came in the place of, or what was taken back, has ended and is not remembered.
  private void retired(Case turn) {
    if (turn.closings.isEmpty()) {
      world.violation("I6 " + turn.ref + " is over, and was never closed");
    }
    if (remembered(turn) > 0 && world.losses().memory().isEmpty()) {
      world.violation("I2 " + turn.ref + " is over, and stands in the history");
    }
    // The send in doubt, and the one that was made once more.
    int strays = turn.kind == Case.Kind.BLIND ? 2 * ambiguous() : 0;
    // A rollback forgets that it was taken back: then it may still be asked again.
    if (!isReplaced(turn) && !turn.chat.gone && turn.chat.texts().size() > strays) {
      broken(turn, "I2 " + turn.ref + " was taken back, and shows " + turn.chat.texts());
    }
  }

  /// A promise about what is seen. Exempt: what was asked again or taken back just after a rollback, when the owner of
  /// its messages had not yet put them back, or just before it, so that it was open again. A written exception.
  private void broken(Case turn, String what) {
    boolean forgotten =
        world.cases().values().stream()
            .filter(c -> c.chat == turn.chat && c.retiredMs.isPresent())
            .anyMatch(c -> world.losses().rolledBackAround(NOTICED_MS, c.retiredMs.getAsLong()));
    if (forgotten) {
      world.count("exception: messages forgotten in a rollback");
    } else {
      world.violation(what);
    }
  }

  private long remembered(Case turn) {
    return world.store().history(turn.ref.conversation()).stream()
        .filter(e -> e.contains("\"" + turn.ref.turnId() + "\""))
        .count();
  }

  private void message(Case turn) {
    if (turn.chat.gone) {
      return;
    }
    List<String> texts = turn.chat.texts();
    if (texts.isEmpty()) {
      boolean unsure = world.counts().containsKey("exception: ambiguous send");
      if (!unsure) {
        broken(turn, "I1 " + turn.ref + " has no message");
      }
      return;
    }
    String last = String.join("", texts);
    boolean blind = turn.kind == Case.Kind.BLIND && ambiguous() > 0;
    if (blind) {
      // Strays, each of which was counted, may stand among them.
      if (texts.size() > MOST_MESSAGES + ambiguous()) {
        broken(turn, "I2 " + turn.ref + " has " + texts.size() + " messages");
      }
    } else if (!texts.equals(SimPlatform.split(last)) && !pausedEdit()) {
      broken(turn, "I2 " + turn.ref + " has messages that are not one answer: " + texts);
    }
    if (turn.closings.isEmpty()) {
      world.violation("I1 " + turn.ref + " was never closed");
      return;
    }
    Case.Shown end = turn.closings.getLast();
    reason(turn, end);
    boolean answer = turn.finished.contains(last);
    boolean apology = end.end().answered() ? false : last.endsWith(end.end().sentence());
    // Cancelled, then run again from a rolled-back Redis: the user keeps seeing the first end.
    apology |= turn.cancelled && last.endsWith(EndReason.CANCELLED.sentence());
    if (!answer && !apology && !blind && !pausedEdit()) {
      broken(turn, "I1 " + turn.ref + " shows \"" + last + "\" at the end, not " + end);
    }
  }

  /// Written exception: an edit of a paused gateway that was under way.
  private boolean pausedEdit() {
    return world.happened(Fault.GATEWAY_PAUSE)
        && (world.happened(Fault.PLATFORM_TIMEOUT_AFTER)
            || world.happened(Fault.PLATFORM_TIMEOUT_BEFORE));
  }

  private int ambiguous() {
    return world.counts().getOrDefault("exception: ambiguous send", 0L).intValue();
  }

  private void page(Case turn) {
    if (turn.closings.isEmpty()) {
      world.violation("I1 " + turn.ref + " was never closed");
      return;
    }
    Set<String> texts =
        turn.closings.stream().map(s -> s.end() + " " + s.text()).collect(Collectors.toSet());
    // Nobody sees the end of a turn whose place another takes; a wipe in that moment opens it
    // again.
    boolean endedUnseen = turn.retiredMs.isPresent();
    if (texts.size() > 1 && !endedUnseen && !world.happened(Fault.REDIS_ROLLBACK)) {
      world.violation("I2 " + turn.ref + " was closed with different ends: " + texts);
    }
    long entries = remembered(turn);
    if (entries > 1 || (entries == 0 && world.losses().memory().isEmpty())) {
      world.violation("I2 " + turn.ref + " stands " + entries + " times in the history");
    }
    reason(turn, turn.closings.getLast());
  }

  private void stream(Case turn) {
    if (turn.ownerDied || turn.refused) {
      return;
    }
    if (turn.ends.size() != 1) {
      world.violation("I1 " + turn.ref + " ended " + turn.ends.size() + " times on its stream");
      return;
    }
    if (turn.unannouncedChanges > 0) {
      world.violation("I3 " + turn.ref + " changed under its reader");
    }
    if (turn.wrongLogprobs > 0) {
      world.violation("I3 " + turn.ref + " has logprobs that are not those of its tokens");
    }
    if (turn.announcedRestarts > 0 && !mayRestart()) {
      world.violation("I3 " + turn.ref + " was restarted without a reason");
    }
    reason(turn, turn.ends.getFirst());
  }

  private boolean mayRestart() {
    return !world.losses().memory().isEmpty() || world.counts().containsKey("restarted");
  }

  /// Whether nobody could answer before the deadline.
  private boolean away() {
    return world.happened(Fault.WORKERS_AWAY) || world.happened(Fault.BROKER_AWAY);
  }

  /// Whether an earlier turn of the conversation stalled until its deadline.
  private boolean waitedFor(Case turn) {
    return world.cases().values().stream()
        .anyMatch(c -> c.stuck && c.ref.conversation().equals(turn.ref.conversation()));
  }

  /// A turn whose message stays on its way is ended for who wants another answer, or wants it taken back; that wish may
  /// come to nothing, because something newer is said meanwhile.
  private boolean endedInVain(Case turn) {
    return turn.wishedAway && HOLDS_MESSAGES_UP.stream().anyMatch(world::happened);
  }

  private void reason(Case turn, Case.Shown shown) {
    boolean ok =
        switch (shown.end()) {
          case STOP, LENGTH -> true;
          case CANCELLED ->
              turn.cancelled
                  || endedInVain(turn)
                  || (turn.kind == Case.Kind.STREAM && turn.ownerDied);
          case EXPIRED -> away() || turn.stuck || waitedFor(turn);
          case POISON -> turn.poison || turn.starts >= 3;
          case REFUSED -> turn.refused || turn.edited();
          case UNREADABLE -> turn.givenUp;
          case TOO_LONG, NO_MESSAGES, TEMPLATE, FORMAT, UNKNOWN_TOKEN, ENGINE, DECLINED -> false;
        };
    if (!ok) {
      world.violation("I7 " + turn.ref + " ended as " + shown.end() + " without a reason");
    }
    if (!shown.end().answered() && !turn.finished.isEmpty() && world.losses().memory().isEmpty()) {
      world.violation("I7 " + turn.ref + " was done, and ended as " + shown.end());
    }
    if (shown.end().answered() && !turn.finished.contains(shown.text())) {
      world.violation("I3 " + turn.ref + " shows a text that no attempt finished: " + shown);
    }
  }

  // ---- I3

  /// Every finished text counts its tokens from 1 without gap or repetition, and no attempt comes
  /// back after another has gone on.
  private void text(Case turn) {
    for (String text : turn.finished) {
      Set<String> gone = new HashSet<>();
      String current = "";
      int expected = 1;
      for (String token : text.isBlank() ? new String[0] : text.trim().split(" ", -1)) {
        int colon = token.lastIndexOf(':');
        String by = token.substring(0, colon);
        if (!by.equals(current)) {
          gone.add(current);
          current = by;
        }
        if (Integer.parseInt(token.substring(colon + 1)) != expected++ || gone.contains(by)) {
          world.violation("I3 " + turn.ref + " is no answer: " + text);
          return;
        }
      }
      if (expected != turn.tokens + 1) {
        world.violation("I3 " + turn.ref + " is not complete: " + text);
      }
    }
  }

  // ---- I5

  private void time(Case turn) {
    if (turn.closings.isEmpty()) {
      return;
    }
    long calm = Math.max(turn.acceptedMs, world.losses().calmMs());
    long bound = Math.max(calm, world.losses().awayUntilMs()) + BOUND_MS;
    if (turn.stuck || waitedFor(turn)) {
      bound = Math.max(bound, turn.acceptedMs + SimGateway.ANSWER_MS + BOUND_MS);
    }
    if (away()) {
      bound = Math.min(bound, Math.max(calm, turn.acceptedMs + SimGateway.ANSWER_MS) + BOUND_MS);
    }
    long took = turn.closings.getFirst().atMs();
    if (took > bound) {
      world.violation(
          "I5 "
              + turn.ref
              + " took "
              + (took - turn.acceptedMs)
              + " ms, "
              + (took - bound)
              + " ms too long");
    }
  }
}
