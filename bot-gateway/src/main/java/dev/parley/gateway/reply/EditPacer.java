package dev.parley.gateway.reply;

import dev.parley.gateway.reply.SendBudget.Leave;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// Lets the calls of all replies of a gateway leave one by one, as the platform's limits allow: the most urgent
/// first, among equals the one that has waited longest, so that when there is not enough for all, every chat
/// gets the same share and edits simply become rarer.
///
/// A call that waits keeps nobody waiting: what it will carry is decided when it leaves, and a chat that has to be
/// left alone does not stop the others. Pure; not thread-safe.
public final class EditPacer {

  /// Runs something later on the machine thread.
  public interface Timer {
    void after(long ms, Runnable task);
  }

  /// How often it is looked whether a waiting call has become urgent, ms.
  static final long LOOK_MS = 50;

  private static final class Waiting {
    final String chat;
    final SendRate rate;
    final Supplier<Urgency> urgency;
    final Runnable then;
    final long sinceMs;

    /// When a call of `askedAs` may be asked for again.
    long notBeforeMs;

    Urgency askedAs = Urgency.MORE;

    Waiting(String chat, SendRate rate, Supplier<Urgency> urgency, Runnable then, long sinceMs) {
      this.chat = chat;
      this.rate = rate;
      this.urgency = urgency;
      this.then = then;
      this.sinceMs = sinceMs;
    }
  }

  /// A call that may ask now.
  private record Ready(Waiting call, Urgency urgency) {}

  private final SendBudget budget;
  private final LongSupplier clock;
  private final Timer timer;
  private final BooleanSupplier keepingUp;
  private final List<Waiting> waiting = new ArrayList<>();

  /// When the budget of all chats may have something again, by urgency.
  private final Map<Urgency, Long> allFreeMs = new EnumMap<>(Urgency.class);

  private boolean pumping;
  private boolean asking;
  private boolean armed;

  /// @param clock milliseconds
  /// @param keepingUp whether few enough calls are under way: those that are held up on the way to the platform come
  ///     there together, and too often for it
  public EditPacer(SendBudget budget, LongSupplier clock, Timer timer, BooleanSupplier keepingUp) {
    this.budget = budget;
    this.clock = clock;
    this.timer = timer;
    this.keepingUp = keepingUp;
  }

  /// Calls `then` once, when a call to the chat may leave; perhaps before this returns.
  ///
  /// @param urgency asked again and again, because it may rise
  public void whenFree(String chat, SendRate rate, Supplier<Urgency> urgency, Runnable then) {
    waiting.add(new Waiting(chat, rate, urgency, then, clock.getAsLong()));
    pump();
  }

  /// The platform asked to leave a chat alone.
  public void hold(String chat, SendRate rate, long ms) {
    budget.hold(chat, rate, ms);
  }

  /// A call came back: another may leave.
  public void look() {
    pump();
  }

  /// Calls that wait.
  public int waiting() {
    return waiting.size();
  }

  private void pump() {
    if (pumping) {
      // A call that left has brought another: the loop below sees it.
      return;
    }
    pumping = true;
    try {
      while (!asking && keepingUp.getAsBoolean()) {
        Optional<Ready> next = next(clock.getAsLong());
        if (next.isEmpty()) {
          break;
        }
        ask(next.get());
      }
    } finally {
      pumping = false;
    }
    arm();
  }

  private Optional<Ready> next(long now) {
    return waiting.stream()
        .map(call -> new Ready(call, call.urgency.get()))
        .filter(ready -> now >= freeMs(ready))
        .max(
            Comparator.comparing(Ready::urgency)
                .thenComparing(ready -> ready.call().sinceMs, Comparator.reverseOrder()));
  }

  private long freeMs(Ready ready) {
    Waiting call = ready.call();
    long chatFreeMs = ready.urgency().compareTo(call.askedAs) > 0 ? 0 : call.notBeforeMs;
    return Math.max(chatFreeMs, allFreeMs.getOrDefault(ready.urgency(), 0L));
  }

  private void ask(Ready ready) {
    asking = true;
    Waiting call = ready.call();
    budget.take(
        call.chat,
        call.rate,
        ready.urgency(),
        leave -> {
          asking = false;
          answered(ready, leave);
        });
  }

  private void answered(Ready ready, Leave leave) {
    long now = clock.getAsLong();
    Waiting call = ready.call();
    switch (leave) {
      case Leave.Granted granted -> {
        waiting.remove(call);
        call.then.run();
      }
      case Leave.ChatBusy(long ms) -> {
        call.askedAs = ready.urgency();
        call.notBeforeMs = now + ms;
      }
      case Leave.AllBusy(long ms) -> {
        for (Urgency urgency : EnumSet.range(Urgency.MORE, ready.urgency())) {
          allFreeMs.merge(urgency, now + ms, Math::max);
        }
      }
    }
    pump();
  }

  private void arm() {
    if (armed || asking || waiting.isEmpty()) {
      return;
    }
    long now = clock.getAsLong();
    long soonestMs =
        waiting.stream().mapToLong(c -> freeMs(new Ready(c, c.urgency.get()))).min().orElse(now);
    armed = true;
    timer.after(
        Math.clamp(soonestMs - now, 1, LOOK_MS),
        () -> {
          armed = false;
          pump();
        });
  }
}
