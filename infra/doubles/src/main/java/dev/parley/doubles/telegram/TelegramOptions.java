package dev.parley.doubles.telegram;

import java.util.function.LongSupplier;

/// How a double is set up.
///
/// @param port on 127.0.0.1; 0 takes a free one
/// @param token what the bot must know
/// @param botName the bot's `@name`, without the `@`
/// @param rules flood limits
/// @param clockMs the platform's time, ms since 1970
public record TelegramOptions(
    int port, String token, String botName, FloodRules rules, LongSupplier clockMs) {

  /// A free port, Telegram's limits, the machine's clock.
  public static TelegramOptions defaults() {
    return new TelegramOptions(
        0,
        "4242424242:made-up-token-of-the-double",
        "parley_bot",
        FloodRules.telegram(),
        System::currentTimeMillis);
  }

  public TelegramOptions withPort(int newPort) {
    return new TelegramOptions(newPort, token, botName, rules, clockMs);
  }

  public TelegramOptions withToken(String newToken) {
    return new TelegramOptions(port, newToken, botName, rules, clockMs);
  }

  public TelegramOptions withRules(FloodRules newRules) {
    return new TelegramOptions(port, token, botName, newRules, clockMs);
  }

  public TelegramOptions withClock(LongSupplier newClockMs) {
    return new TelegramOptions(port, token, botName, rules, newClockMs);
  }
}
