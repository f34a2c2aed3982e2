package dev.parley.shared.testing;

import dev.parley.shared.wire.ChannelMessage;

/// Where [FakeTurnStore] publishes.
public interface Publisher {

  /// Publishes to a channel (`g:` gateway, `w:` worker).
  ///
  /// @return the number of receivers that were subscribed
  int publish(String channel, ChannelMessage message);
}
