package dev.parley.gateway.telegram;

import dev.parley.gateway.reply.SendRate;
import java.time.Duration;

/// Limits of the adapter. Telegram publishes about one message a second in a chat, 20 a minute in a group and 30
/// a second for the whole bot (core.telegram.org/bots/faq, "My bot is hitting limits"); edits count like sends.
/// Ours stay below them in any window (a rate lets `window / everyMs + burst` calls pass), and by so much that calls
/// which were held up on their way and come together break none: eight of the whole bot, those that two gateways may
/// have under way; one of a chat.
///
/// @param privateChat of one private chat
/// @param group of one group, all of its topics together
/// @param all of the whole bot
/// @param underWay calls that have not come back when no other may leave: after a stall so many arrive at once, and
///     those of two gateways, with those of a second, must not be too many
/// @param call a call other than a poll is given up after this; whether it happened is not known then
/// @param poll how long Telegram may hold a poll open when there is nothing to tell
/// @param updates that one poll brings at most, 1 to 100
/// @param webhookBytes the largest update that is taken by webhook
public record TelegramLimits(
    SendRate privateChat,
    SendRate group,
    SendRate all,
    int underWay,
    Duration call,
    Duration poll,
    int updates,
    int webhookBytes) {

  /// The rate of a chat.
  SendRate of(TelegramAddress address) {
    return address.group() ? group : privateChat;
  }

  public static final TelegramLimits DEFAULT =
      new TelegramLimits(
          new SendRate(1_100, 2),
          new SendRate(3_600, 3),
          new SendRate(50, 2),
          4,
          Duration.ofSeconds(9),
          Duration.ofSeconds(50),
          100,
          1 << 20);
}
