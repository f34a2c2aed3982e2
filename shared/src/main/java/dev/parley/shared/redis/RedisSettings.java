package dev.parley.shared.redis;

import java.net.URI;
import java.util.Optional;

/// Where Redis is and how long to wait for it.
///
/// @param user ACL user, empty for the default one
/// @param password empty for none
/// @param connectTimeoutMs longest wait for a connection
/// @param socketTimeoutMs longest wait for a reply; then the outcome is unknown
/// @param poolSize most connections for scripts. A call takes one and none while it holds one, so
///     that calls wait for each other but never deadlock
/// @param poolWaitMs longest wait for a free connection
/// @param pingEveryMs how often an open subscription is asked for a sign of life
/// @param pongWithinMs a subscription that is silent for longer is closed and made anew
/// @param resubscribeMinMs first pause before a subscription is made anew, doubled each time
/// @param resubscribeMaxMs longest such pause
public record RedisSettings(
    String host,
    int port,
    String user,
    String password,
    boolean tls,
    int connectTimeoutMs,
    int socketTimeoutMs,
    int poolSize,
    int poolWaitMs,
    int pingEveryMs,
    int pongWithinMs,
    int resubscribeMinMs,
    int resubscribeMaxMs) {

  private static final int DEFAULT_PORT = 6379;

  public RedisSettings {
    require(!host.isBlank(), "the host must not be empty");
    require(port > 0 && port < 65_536, "the port must be from 1 to 65535");
    require(user.isEmpty() || !password.isEmpty(), "a user needs a password");
    require(connectTimeoutMs > 0, "connectTimeoutMs must be positive");
    require(socketTimeoutMs > 0, "socketTimeoutMs must be positive");
    require(poolSize > 0, "poolSize must be positive");
    require(poolWaitMs > 0, "poolWaitMs must be positive");
    require(pingEveryMs > 0 && pongWithinMs > 0, "pings need positive times");
    require(
        resubscribeMinMs > 0 && resubscribeMaxMs >= resubscribeMinMs,
        "resubscribeMaxMs must be at least resubscribeMinMs, which must be positive");
  }

  /// A Redis without password, with the default limits.
  public static RedisSettings of(String host, int port) {
    return new RedisSettings(
        host, port, "", "", false, 1_000, 2_000, 16, 2_000, 5_000, 5_000, 20, 1_000);
  }

  /// What a `redis://` or `rediss://` URL names, with the default limits. Parley uses database 0.
  ///
  /// @throws IllegalArgumentException when it names another database
  public static RedisSettings of(URI url) {
    String path = Optional.ofNullable(url.getPath()).orElse("");
    require(path.isEmpty() || path.equals("/") || path.equals("/0"), "only database 0 is used");
    RedisSettings plain = of(url.getHost(), url.getPort() < 0 ? DEFAULT_PORT : url.getPort());
    String[] userInfo = Optional.ofNullable(url.getUserInfo()).orElse("").split(":", 2);
    return new RedisSettings(
        plain.host,
        plain.port,
        userInfo[0],
        userInfo.length > 1 ? userInfo[1] : "",
        url.getScheme().equals("rediss"),
        plain.connectTimeoutMs,
        plain.socketTimeoutMs,
        plain.poolSize,
        plain.poolWaitMs,
        plain.pingEveryMs,
        plain.pongWithinMs,
        plain.resubscribeMinMs,
        plain.resubscribeMaxMs);
  }

  /// With other times for subscriptions.
  public RedisSettings withSubscriptionTimes(
      int pingEvery, int pongWithin, int resubscribeMin, int resubscribeMax) {
    return new RedisSettings(
        host,
        port,
        user,
        password,
        tls,
        connectTimeoutMs,
        socketTimeoutMs,
        poolSize,
        poolWaitMs,
        pingEvery,
        pongWithin,
        resubscribeMin,
        resubscribeMax);
  }

  /// With other limits of a call.
  public RedisSettings withCallLimits(int connectTimeout, int socketTimeout, int pool, int wait) {
    return new RedisSettings(
        host,
        port,
        user,
        password,
        tls,
        connectTimeout,
        socketTimeout,
        pool,
        wait,
        pingEveryMs,
        pongWithinMs,
        resubscribeMinMs,
        resubscribeMaxMs);
  }

  /// Host and port, for messages.
  public String address() {
    return host + ":" + port;
  }

  @Override
  public String toString() {
    return "RedisSettings["
        + address()
        + ", user="
        + user
        + ", password="
        + (password.isEmpty() ? "none" : "***")
        + ", tls="
        + tls
        + ", connectTimeoutMs="
        + connectTimeoutMs
        + ", socketTimeoutMs="
        + socketTimeoutMs
        + ", poolSize="
        + poolSize
        + ", poolWaitMs="
        + poolWaitMs
        + ", pingEveryMs="
        + pingEveryMs
        + ", pongWithinMs="
        + pongWithinMs
        + ", resubscribeMs="
        + resubscribeMinMs
        + ".."
        + resubscribeMaxMs
        + "]";
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException("Redis settings: " + message);
    }
  }
}
