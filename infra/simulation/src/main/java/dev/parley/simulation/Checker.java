package dev.parley.simulation;

import dev.parley.shared.turn.TurnStore;
import dev.parley.shared.turn.TurnView;
import dev.parley.shared.wire.EndReason;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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

  /// The longest answer with an apology needs no more messages on a platform.
  private static final int MOST_MESSAGES = 5;

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
      if (turn.accepted && !lostTogether) {
        time(turn);
        if (!forgotten(turn)) {
          visible(turn);
        }
      }
      text(turn);
    }
    if (!lostTogether) {
      order();
    }
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

  private void message(Case turn) {
    if (turn.gone) {
      return;
    }
    if (turn.messages.isEmpty()) {
      boolean unsure = world.counts().containsKey("exception: ambiguous send");
      if (!unsure) {
        world.violation("I1 " + turn.ref + " has no message");
      }
      return;
    }
    List<String> texts = turn.messages.stream().map(m -> m.text).toList();
    String last = String.join("", texts);
    boolean blind = turn.kind == Case.Kind.BLIND && ambiguous() > 0;
    if (blind) {
      // Strays, each of which was counted, may stand among them.
      if (texts.size() > MOST_MESSAGES + ambiguous()) {
        world.violation("I2 " + turn.ref + " has " + texts.size() + " messages");
      }
    } else if (!texts.equals(SimPlatform.split(last)) && !pausedEdit()) {
      world.violation("I2 " + turn.ref + " has messages that are not one answer: " + texts);
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
      world.violation("I1 " + turn.ref + " shows \"" + last + "\" at the end, not " + end);
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
    if (texts.size() > 1 && !world.happened(Fault.REDIS_ROLLBACK)) {
      world.violation("I2 " + turn.ref + " was closed with different ends: " + texts);
    }
    long entries =
        world.store().history(turn.ref.conversation()).stream()
            .filter(e -> e.contains("\"" + turn.ref.turnId() + "\""))
            .count();
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

  private void reason(Case turn, Case.Shown shown) {
    boolean ok =
        switch (shown.end()) {
          case STOP, LENGTH -> true;
          case CANCELLED -> turn.cancelled || (turn.kind == Case.Kind.STREAM && turn.ownerDied);
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

  // ---- I4

  /// Exempt: a turn that Redis forgot in a rollback, overtaken by one that another gateway admitted
  /// before anybody noticed. A written exception.
  private void order() {
    Map<String, List<Case>> conversations =
        world.cases().values().stream()
            .filter(c -> c.accepted && !c.closings.isEmpty())
            .filter(c -> c.closings.getLast().end() != EndReason.CANCELLED)
            // One that was refused never had a place in the conversation.
            .filter(c -> c.closings.getLast().end() != EndReason.REFUSED)
            .collect(Collectors.groupingBy(c -> c.ref.conversation()));
    for (List<Case> turns : conversations.values()) {
      turns.sort(Comparator.comparingLong(c -> c.admittedMs));
      for (int i = 1; i < turns.size(); i++) {
        long before = turns.get(i - 1).closings.getFirst().atMs();
        long after = turns.get(i).closings.getFirst().atMs();
        boolean answered = turns.get(i).closings.getFirst().end().answered();
        boolean apart = !turns.get(i - 1).closedBy.equals(turns.get(i).closedBy);
        if (answered
            && !(apart && world.happened(Fault.REDIS_ROLLBACK))
            && comesFirst(turns.get(i - 1), turns.get(i))
            && after < before) {
          world.violation(
              "I4 " + turns.get(i).ref + " was answered before " + turns.get(i - 1).ref);
        }
      }
    }
  }

  /// A message that was admitted twice has two places; it comes first when both are.
  private static boolean comesFirst(Case one, Case other) {
    return one.admittedMs < other.admittedMs && one.firstAdmittedMs < other.firstAdmittedMs;
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
