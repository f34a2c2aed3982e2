package dev.parley.shared.testing;

import dev.parley.shared.turn.ChannelListener;
import dev.parley.shared.turn.Channels;
import dev.parley.shared.turn.Subscription;
import dev.parley.shared.wire.ChannelMessage;
import java.util.ArrayList;
import java.util.List;

/// Channels in memory. Nothing arrives by itself: the test acknowledges subscriptions and delivers,
/// drops or reorders what was published. Not thread-safe.
public final class FakeChannels implements Channels, Publisher {

  /// A message on its way to one subscriber.
  public record InFlight(String channel, ChannelMessage message) {}

  private record Pending(FakeSubscription to, InFlight what) {}

  private final List<FakeSubscription> subscriptions = new ArrayList<>();
  private final List<Pending> pending = new ArrayList<>();

  @Override
  public Subscription subscribe(String channel, ChannelListener listener) {
    FakeSubscription subscription = new FakeSubscription(channel, listener);
    subscriptions.add(subscription);
    return subscription;
  }

  /// Acknowledges every subscription of the channel that has no connection.
  public void acknowledge(String channel) {
    for (FakeSubscription subscription : List.copyOf(subscriptions)) {
      if (subscription.channel.equals(channel) && !subscription.live) {
        subscription.live = true;
        subscription.acknowledged++;
        subscription.listener.onSubscribed();
      }
    }
  }

  /// Cuts the channel's connections: what is in flight on them is lost, nobody hears until the next
  /// [#acknowledge].
  public void cut(String channel) {
    for (FakeSubscription subscription : List.copyOf(subscriptions)) {
      if (subscription.channel.equals(channel) && subscription.live) {
        subscription.live = false;
        pending.removeIf(p -> p.to == subscription);
        subscription.listener.onLost("cut");
      }
    }
  }

  @Override
  public int publish(String channel, ChannelMessage message) {
    int receivers = 0;
    for (FakeSubscription subscription : subscriptions) {
      if (subscription.channel.equals(channel) && subscription.live) {
        pending.add(new Pending(subscription, new InFlight(channel, message)));
        receivers++;
      }
    }
    return receivers;
  }

  /// What is on its way, in the order it was published.
  public List<InFlight> inFlight() {
    return pending.stream().map(Pending::what).toList();
  }

  /// Hands over the message at this place of [#inFlight].
  public void deliver(int index) {
    Pending next = pending.remove(index);
    next.to.listener.onMessage(next.what.message);
  }

  /// Loses the message at this place of [#inFlight].
  public void drop(int index) {
    pending.remove(index);
  }

  /// Hands over everything in order, also what is published meanwhile.
  public void deliverAll() {
    while (!pending.isEmpty()) {
      deliver(0);
    }
  }

  private final class FakeSubscription implements Subscription {

    private final String channel;
    private final ChannelListener listener;
    private boolean live;
    private long acknowledged;

    FakeSubscription(String channel, ChannelListener listener) {
      this.channel = channel;
      this.listener = listener;
    }

    @Override
    public boolean live() {
      return live;
    }

    @Override
    public long reconnects() {
      return Math.max(0, acknowledged - 1);
    }

    @Override
    public long garbled() {
      return 0;
    }

    @Override
    public void close() {
      live = false;
      subscriptions.remove(this);
      pending.removeIf(p -> p.to == this);
    }
  }
}
