package dev.parley.doubles.telegram;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/// Decides which calls are too many and keeps a record of them. Told the time; not thread-safe.
///
/// A call that is refused counts nowhere, but it closes its chat until the time it is told to wait is over. A call before
/// that is refused too, is a violation of its own, and makes the wait no longer.
final class FloodLimits {
  private FloodRules rules;
  private final Map<Long, Bucket> messages = new HashMap<>();
  private final Map<Long, Window> groups = new HashMap<>();
  private final Window bot = new Window();
  private final Map<Long, Long> closedUntilMs = new HashMap<>();
  private final List<Violation> violations = new ArrayList<>();

  FloodLimits(FloodRules rules) {
    this.rules = rules;
  }

  void rules(FloodRules newRules) {
    rules = newRules;
  }

  List<Violation> violations() {
    return List.copyOf(violations);
  }

  /// Counts a call, or refuses it.
  ///
  /// @return how long the bot must wait if the call is refused, s
  OptionalInt check(Method method, Chat chat, long now) {
    if (method.cost() == Method.Cost.FREE) {
      return OptionalInt.empty();
    }
    long closedMs = closedUntilMs.getOrDefault(chat.id(), now) - now;
    if (closedMs > 0) {
      return refused(method, chat, Violation.Kind.BEFORE_ITS_TIME, seconds(closedMs), now);
    }
    return checkMessage(method, chat, now);
  }

  /// The chat was answered 429 for another reason.
  void close(long chatId, int retryAfterS, long now) {
    closedUntilMs.merge(chatId, now + retryAfterS * 1_000L, Math::max);
  }

  private OptionalInt checkMessage(Method method, Chat chat, long now) {
    long botWait = bot.waitMs(rules.botCalls(), rules.botWindowMs(), now);
    if (botWait > 0) {
      return closed(method, chat, Violation.Kind.WHOLE_BOT, botWait, now);
    }
    if (chat.type() == Chat.Type.PRIVATE) {
      Bucket bucket = messages.computeIfAbsent(chat.id(), id -> new Bucket());
      long wait = bucket.waitMs(rules.privateBurst(), rules.privateMs(), now);
      if (wait > 0) {
        return closed(method, chat, Violation.Kind.PRIVATE_CHAT, wait, now);
      }
      bucket.take(rules.privateMs(), now);
    } else {
      Window window = groups.computeIfAbsent(chat.id(), id -> new Window());
      long wait = window.waitMs(rules.groupCalls(), rules.groupWindowMs(), now);
      if (wait > 0) {
        return closed(method, chat, Violation.Kind.GROUP, wait, now);
      }
      window.take(now);
    }
    bot.take(now);
    return OptionalInt.empty();
  }

  private OptionalInt closed(Method method, Chat chat, Violation.Kind kind, long waitMs, long now) {
    close(chat.id(), seconds(waitMs), now);
    return refused(method, chat, kind, seconds(waitMs), now);
  }

  private OptionalInt refused(
      Method method, Chat chat, Violation.Kind kind, int retryAfterS, long now) {
    violations.add(new Violation(now, method, chat.id(), kind, retryAfterS));
    return OptionalInt.of(retryAfterS);
  }

  private static int seconds(long ms) {
    return Math.toIntExact(Math.max(1, Math.ceilDiv(ms, 1_000)));
  }

  /// A token bucket, kept as the time at which it would be full again.
  private static final class Bucket {
    private long fullAtMs = Long.MIN_VALUE;

    long waitMs(int burst, long refillMs, long now) {
      return fullAtMs <= now ? 0 : Math.max(0, fullAtMs - now - (burst - 1L) * refillMs);
    }

    void take(long refillMs, long now) {
      fullAtMs = Math.max(fullAtMs, now) + refillMs;
    }
  }

  /// The calls of the last while, the oldest first.
  private static final class Window {
    private final Deque<Long> calls = new ArrayDeque<>();

    long waitMs(int most, long lengthMs, long now) {
      while (!calls.isEmpty() && calls.getFirst() <= now - lengthMs) {
        calls.removeFirst();
      }
      return calls.size() < most ? 0 : calls.getFirst() + lengthMs - now;
    }

    void take(long now) {
      calls.addLast(now);
    }
  }
}
