package dev.parley.gateway.reply;

import java.util.function.Consumer;

/// What a bot may still send without breaking its platform's limits, in each chat and in all of them together.
/// Shared by all gateways of the bot.
public interface SendBudget {

  /// Whether a call may leave now.
  sealed interface Leave {
    /// It may, and is counted.
    record Granted() implements Leave {}

    /// The chat has had its share; one that is as urgent may ask again after `ms`.
    record ChatBusy(long ms) implements Leave {}

    /// All chats together have had theirs.
    record AllBusy(long ms) implements Leave {}
  }

  /// Asks for one call. `then` is called once, on the caller's machine thread, perhaps before this returns.
  void take(String chat, SendRate chatRate, Urgency urgency, Consumer<Leave> then);

  /// The platform itself asks to leave a chat alone.
  void hold(String chat, SendRate chatRate, long ms);
}
