package dev.parley.gateway.redis;

import dev.parley.gateway.reply.LocalSendBudget;
import dev.parley.gateway.reply.SendBudget;
import dev.parley.gateway.reply.SendRate;
import dev.parley.gateway.reply.Urgency;
import dev.parley.shared.redis.RedisRates;
import dev.parley.shared.redis.RedisRates.Rate;
import dev.parley.shared.runtime.Threads;
import dev.parley.shared.turn.StoreUnavailable;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The budget of a bot, kept in Redis by all of its gateways. While Redis does not answer, each gateway keeps
/// to the whole of it by itself: what they send together may then be too much, by as many times as there are
/// gateways, and the platform's own refusals set the pace.
public final class SharedSendBudget implements SendBudget {
  private static final Logger LOG = LoggerFactory.getLogger(SharedSendBudget.class);

  private final RedisRates rates;
  private final String bot;
  private final SendRate all;
  private final LocalSendBudget alone;
  private final Consumer<Runnable> loop;
  private boolean away;

  /// @param bot names the bot among all that share this Redis
  /// @param all the rate of all chats together
  /// @param clock milliseconds
  /// @param loop runs a task on the machine thread
  public SharedSendBudget(
      RedisRates rates, String bot, SendRate all, LongSupplier clock, Consumer<Runnable> loop) {
    this.rates = rates;
    this.bot = bot;
    this.all = all;
    this.alone = new LocalSendBudget(all, clock);
    this.loop = loop;
  }

  @Override
  public void take(String chat, SendRate chatRate, Urgency urgency, Consumer<Leave> then) {
    var _ =
        Threads.start(
            "send-budget",
            () -> {
              try {
                RedisRates.Reply reply =
                    rates.take(chatRate(chat, chatRate), allRate(), burst(chatRate, urgency));
                loop.accept(() -> answered(reply, then));
              } catch (StoreUnavailable e) {
                loop.accept(() -> alone(e, chat, chatRate, urgency, then));
              }
            });
  }

  private void answered(RedisRates.Reply reply, Consumer<Leave> then) {
    away = false;
    then.accept(
        switch (reply.verdict()) {
          case GO -> new Leave.Granted();
          case ONE_BUSY -> new Leave.ChatBusy(reply.waitMs());
          case ALL_BUSY -> new Leave.AllBusy(reply.waitMs());
        });
  }

  private void alone(
      StoreUnavailable e, String chat, SendRate chatRate, Urgency urgency, Consumer<Leave> then) {
    if (!away) {
      LOG.warn("this gateway keeps to the send limits alone: {}", e.getMessage());
      away = true;
    }
    alone.take(chat, chatRate, urgency, then);
  }

  @Override
  public void hold(String chat, SendRate chatRate, long ms) {
    alone.hold(chat, chatRate, ms);
    var _ =
        Threads.start(
            "send-budget",
            () -> {
              try {
                rates.hold(chatRate(chat, chatRate), ms);
              } catch (StoreUnavailable e) {
                LOG.debug("a pause of {} ms is known to this gateway only", ms, e);
              }
            });
  }

  private Rate chatRate(String chat, SendRate rate) {
    return new Rate(bot + ":" + chat, rate.everyMs(), rate.burst());
  }

  private Rate allRate() {
    return new Rate(bot, all.everyMs(), all.burst());
  }

  private int burst(SendRate chatRate, Urgency urgency) {
    return Math.max(chatRate.burstFor(urgency), all.burstFor(urgency));
  }
}
