package dev.parley.gateway.reply;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// The budget of a bot with one gateway, or of one that cannot ask the others. Pure; not thread-safe.
public final class LocalSendBudget implements SendBudget {

  /// Chats remembered before those that are free anyway are forgotten.
  private static final int MANY_CHATS = 10_000;

  private final SendRate all;
  private final LongSupplier clock;
  private final Map<String, Long> arrivals = new HashMap<>();
  private long allArrivalMs;

  /// @param all the rate of all chats together
  /// @param clock milliseconds
  public LocalSendBudget(SendRate all, LongSupplier clock) {
    this.all = all;
    this.clock = clock;
  }

  @Override
  public void take(String chat, SendRate chatRate, Urgency urgency, Consumer<Leave> then) {
    then.accept(take(chat, chatRate, urgency));
  }

  private Leave take(String chat, SendRate chatRate, Urgency urgency) {
    long now = clock.getAsLong();
    long arrival = arrivals.getOrDefault(chat, 0L);
    long chatWaitMs = chatRate.waitMs(arrival, now, urgency);
    if (chatWaitMs > 0) {
      return new Leave.ChatBusy(chatWaitMs);
    }
    long allWaitMs = all.waitMs(allArrivalMs, now, urgency);
    if (allWaitMs > 0) {
      return new Leave.AllBusy(allWaitMs);
    }
    allArrivalMs = all.after(allArrivalMs, now);
    remember(chat, chatRate.after(arrival, now), now);
    return new Leave.Granted();
  }

  @Override
  public void hold(String chat, SendRate chatRate, long ms) {
    long now = clock.getAsLong();
    remember(chat, chatRate.held(arrivals.getOrDefault(chat, 0L), now, ms), now);
  }

  private void remember(String chat, long arrivalMs, long now) {
    if (arrivals.size() >= MANY_CHATS) {
      arrivals.values().removeIf(a -> a <= now);
    }
    arrivals.put(chat, arrivalMs);
  }
}
