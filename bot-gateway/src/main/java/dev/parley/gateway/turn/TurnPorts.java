package dev.parley.gateway.turn;

import dev.parley.gateway.conversation.HistoryLimits;
import dev.parley.gateway.conversation.PromptBuilder;
import dev.parley.gateway.reply.ReplyLimits;
import dev.parley.gateway.reply.ReplyPlatform;
import dev.parley.shared.turn.StoreCaller;
import dev.parley.shared.wire.ReplyAddress;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;

/// What the gateway's machines are given.
///
/// @param gateway this process's name, new at each start
/// @param platforms the API behind an address; none where readers fetch the answer themselves
/// @param clock epoch milliseconds
public record TurnPorts(
    String gateway,
    StoreCaller store,
    Dispatcher dispatcher,
    Function<ReplyAddress, Optional<ReplyPlatform>> platforms,
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
