package dev.parley.shared.turn;

/// The live messages of the shard: at most once, in order, only to who is subscribed. Whatever they
/// say can be read from the turn records, so losing some costs time and nothing else.
public interface Channels {

  /// The channel on which a gateway hears of the turns it owns.
  static String ofGateway(String gateway) {
    return "g:" + gateway;
  }

  /// The channel on which a worker process hears what to stop.
  static String ofWorker(String worker) {
    return "w:" + worker;
  }

  /// Subscribes and stays subscribed until closed, over any number of lost connections. Returns
  /// before the first acknowledgement.
  Subscription subscribe(String channel, ChannelListener listener);
}
