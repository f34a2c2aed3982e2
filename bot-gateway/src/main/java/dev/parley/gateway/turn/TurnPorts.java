package dev.parley.gateway.turn;

import dev.parley.gateway.conversation.HistoryLimits;
import dev.parley.gateway.conversation.PromptBuilder;
import dev.parley.gateway.reply.ReplyLimits;
import dev.parley.gateway.reply.ReplyPlatforms;
import dev.parley.shared.turn.StoreCaller;
import java.util.function.LongSupplier;

/// What the gateway's machines are given.
///
/// @param gateway this process's name, new at each start
/// @param clock epoch milliseconds
public record TurnPorts(
    String gateway,
    StoreCaller store,
    Dispatcher dispatcher,
    ReplyPlatforms platforms,
    PromptBuilder prompts,
    HistoryLimits history,
    TurnLimits limits,
    ReplyLimits replyLimits,
    TurnCounters counters,
    LongSupplier clock) {

  long now() {
    return clock.getAsLong();
  }
}
