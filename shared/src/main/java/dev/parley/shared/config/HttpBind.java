package dev.parley.shared.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/// Where HTTP listens, and who may come in.
///
/// @param host the address to bind
/// @param port 0 takes a free one
/// @param keys accepted bearer tokens; empty admits everybody, which only a loopback address may do
public record HttpBind(String host, int port, List<Secret> keys) {
  public HttpBind {
    keys = List.copyOf(keys);
    if (port < 0 || port > 65_535) {
      throw new ConfigException("A port is from 0 to 65535, not " + port + ".");
    }
    if (keys.isEmpty() && !isLoopback(host)) {
      throw new ConfigException(
          "PARLEY_HOST is "
              + host
              + ", which others can reach: set PARLEY_API_KEYS, or bind 127.0.0.1.");
    }
  }

  /// The gateway's door.
  public static HttpBind gateway(Config config) {
    return from(config, Settings.PORT);
  }

  /// A worker's health and metrics.
  public static HttpBind worker(Config config) {
    return from(config, Settings.WORKER_PORT);
  }

  private static HttpBind from(Config config, Setting<Integer> port) {
    return new HttpBind(
        config.get(Settings.HOST),
        config.get(port),
        config.find(Settings.API_KEYS).orElse(List.of()));
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      throw new ConfigException("PARLEY_HOST is not an address of this machine: " + host, e);
    }
  }
}
