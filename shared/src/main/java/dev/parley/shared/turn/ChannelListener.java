package dev.parley.shared.turn;

import dev.parley.shared.wire.ChannelMessage;

/// What a subscription tells its owner, one call at a time, on the subscription's own thread: hand it
/// on and return, because a slow listener is disconnected by Redis.
public interface ChannelListener {

  /// The subscription is acknowledged: what is published from now on arrives. Called again after
  /// every lost connection; what was published in between is gone, so read the turns again.
  void onSubscribed();

  void onMessage(ChannelMessage message);

  /// The connection is gone, a new one is being made.
  void onLost(String reason);
}
