package dev.parley.gateway.web;

import dev.parley.shared.wire.Sampling;
import java.net.InetAddress;
import java.net.UnknownHostException;

/// What the HTTP side needs to be told.
///
/// @param host address to bind; one that other machines reach needs keys
/// @param port to bind; 0 takes a free one
/// @param sampling options that count where a client sends none (each turn gets its own seed)
public record WebSettings(
    String host, int port, ApiKeys keys, Sampling sampling, WebLimits limits) {

  public WebSettings {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("not a port: " + port);
    }
    if (keys.isEmpty() && !isLoopback(host)) {
      throw new IllegalArgumentException(
          "Binding " + host + " lets other machines in: set PARLEY_API_KEYS, or bind 127.0.0.1.");
    }
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("Cannot bind '" + host + "': no such address.", e);
    }
  }
}
