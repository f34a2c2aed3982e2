package dev.parley.doubles.telegram;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/// The updates that the bot has not confirmed, and the one poll that may wait for them. Not thread-safe.
///
/// An update is confirmed, for good, by a poll with a higher offset, or by the webhook's answer. One that is not comes
/// again with the next poll.
final class Updates {
  static final int MAX_LIMIT = 100;
  private static final int FIRST_ID = 100_000_001;

  private final Deque<Update> pending = new ArrayDeque<>();

  /// Confirmed ones that come once more.
  private final Deque<Update> repeats = new ArrayDeque<>();

  private final Set<Update.Kind> allowed = EnumSet.allOf(Update.Kind.class);
  private Optional<Poll> waiting = Optional.empty();
  private int nextId = FIRST_ID;
  private double shareTwice;
  private RandomGenerator random = new SplittableRandom(0);

  /// A share of the updates from now on is delivered twice.
  void repeat(double share, long seed) {
    shareTwice = share;
    random = new SplittableRandom(seed);
  }

  /// Which kinds the bot wants; an argument that is missing changes nothing, an empty list means all of this double's.
  void allow(Args args) {
    Optional<JsonNode> kinds = args.json("allowed_updates", "allowed updates");
    if (kinds.isEmpty()) {
      return;
    }
    Set<Update.Kind> wanted = EnumSet.noneOf(Update.Kind.class);
    for (JsonNode kind : kinds.get()) {
      for (Update.Kind known : Update.Kind.values()) {
        if (known.wire().equals(kind.asText())) {
          wanted.add(known);
        }
      }
    }
    allowed.clear();
    allowed.addAll(kinds.get().isEmpty() ? EnumSet.allOf(Update.Kind.class) : wanted);
  }

  Set<Update.Kind> allowed() {
    return EnumSet.copyOf(allowed);
  }

  /// Something happened; the poll that waits gets it at once.
  void add(Update.Kind kind, long chatId, ObjectNode body) {
    if (!allowed.contains(kind)) {
      return;
    }
    boolean twice = shareTwice > 0 && random.nextDouble() < shareTwice;
    pending.addLast(new Update(nextId, kind, chatId, body, twice));
    nextId++;
    waiting.ifPresent(poll -> poll.answer(Answer.done(take(poll.limit()))));
    waiting = Optional.empty();
  }

  /// The bot asks; a poll that already waits ends with a conflict, as the older of two always does.
  Poll poll(int offset, Poll poll) {
    interrupt(
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is"
            + " running");
    if (offset > 0) {
      confirmBelow(offset);
    } else if (offset < 0) {
      while (pending.size() > -(long) offset) {
        pending.removeFirst();
      }
    }
    ArrayNode ready = take(poll.limit());
    if (!ready.isEmpty() || poll.timeout().isZero()) {
      poll.answer(Answer.done(ready));
    } else {
      waiting = Optional.of(poll);
    }
    return poll;
  }

  /// Ends the poll that waits, if one does.
  void interrupt(String conflict) {
    waiting.ifPresent(poll -> poll.answer(Answer.failed(409, conflict)));
    waiting = Optional.empty();
  }

  /// The poll's time is over, or its bot is gone.
  void forget(Poll poll) {
    waiting = waiting.filter(w -> w != poll);
  }

  /// The oldest first.
  List<Update> pending() {
    return new ArrayList<>(pending);
  }

  int pendingCount() {
    return pending.size();
  }

  /// The webhook has taken it.
  void confirm(Update update) {
    pending.removeIf(u -> u.id() == update.id());
  }

  void clear() {
    pending.clear();
    repeats.clear();
  }

  private void confirmBelow(int offset) {
    while (!pending.isEmpty() && pending.getFirst().id() < offset) {
      Update confirmed = pending.removeFirst();
      if (confirmed.twice()) {
        repeats.addLast(confirmed);
      }
    }
  }

  private ArrayNode take(int limit) {
    ArrayNode taken = ApiJson.NODES.arrayNode();
    while (!repeats.isEmpty() && taken.size() < limit) {
      taken.add(repeats.removeFirst().json());
    }
    for (Update update : pending) {
      if (taken.size() < limit) {
        taken.add(update.json());
      }
    }
    return taken;
  }
}
