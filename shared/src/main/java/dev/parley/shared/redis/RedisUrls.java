package dev.parley.shared.redis;

import dev.parley.shared.config.ConfigException;
import java.net.URI;
import java.util.List;

/// Reads `PARLEY_REDIS`: `redis://[user:password@]host[:port]`, or `rediss` for TLS.
public final class RedisUrls {
  private static final int DEFAULT_PORT = 6379;

  private RedisUrls() {}

  /// The one Redis that the URLs name, with the default limits.
  ///
  /// @throws ConfigException for more than one, which this version does not spread turns over
  public static RedisSettings settings(List<URI> urls) {
    if (urls.size() != 1) {
      throw new ConfigException(
          "PARLEY_REDIS names "
              + urls.size()
              + " servers; this version keeps all turns in one. Name one.");
    }
    URI url = urls.getFirst();
    RedisSettings plain =
        RedisSettings.of(url.getHost(), url.getPort() < 0 ? DEFAULT_PORT : url.getPort());
    String login = url.getUserInfo() == null ? "" : url.getUserInfo();
    int colon = login.indexOf(':');
    return new RedisSettings(
        plain.host(),
        plain.port(),
        colon > 0 ? login.substring(0, colon) : "",
        login.substring(colon + 1),
        url.getScheme().equals("rediss"),
        plain.connectTimeoutMs(),
        plain.socketTimeoutMs(),
        plain.poolSize(),
        plain.poolWaitMs(),
        plain.pingEveryMs(),
        plain.pongWithinMs(),
        plain.resubscribeMinMs(),
        plain.resubscribeMaxMs());
  }
}
