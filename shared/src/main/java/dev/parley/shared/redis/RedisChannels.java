package dev.parley.shared.redis;

import dev.parley.shared.turn.ChannelListener;
import dev.parley.shared.turn.Channels;
import dev.parley.shared.turn.Subscription;

/// Channels of one Redis. Each subscription has a connection of its own, outside of the pool of the
/// scripts.
public final class RedisChannels implements Channels {

  private final RedisSettings settings;

  public RedisChannels(RedisSettings settings) {
    this.settings = settings;
  }

  @Override
  public Subscription subscribe(String channel, ChannelListener listener) {
    return RedisSubscriber.start(settings, channel, listener);
  }
}
