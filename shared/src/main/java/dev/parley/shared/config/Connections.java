package dev.parley.shared.config;

import java.net.URI;
import java.util.List;

/// The two servers that gateway and worker share.
///
/// @param kafka bootstrap servers, `host:port` separated by commas
/// @param redis one URL a shard, in an order that every process must agree on
public record Connections(String kafka, List<URI> redis) {
  public Connections {
    redis = List.copyOf(redis);
    if (redis.isEmpty()) {
      throw new IllegalArgumentException("PARLEY_REDIS names no server");
    }
  }

  public static Connections from(Config config) {
    return new Connections(config.get(Settings.KAFKA), config.get(Settings.REDIS));
  }
}
