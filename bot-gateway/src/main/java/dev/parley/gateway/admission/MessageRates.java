package dev.parley.gateway.admission;

import java.time.Duration;

/// How many messages people may send: each user, and all users of a chat together. Kept by all gateways together.
/// Blocks, and throws [dev.parley.shared.turn.StoreUnavailable] when it cannot answer.
public interface MessageRates {

  /// Messages an hour, half of them at once; 0 for any number.
  ///
  /// @param user of one person, wherever he writes
  /// @param chat of all people in one chat
  record Hourly(int user, int chat) {

    /// No limits.
    public static final Hourly ANY = new Hourly(0, 0);

    public Hourly {
      if (user < 0 || chat < 0) {
        throw new IllegalArgumentException("no rate is negative: " + user + ", " + chat);
      }
    }
  }

  /// Asks for one message of a user in a chat.
  ///
  /// @return how long to wait; zero when the message may come, and is counted
  Duration take(String user, String chat);
}
