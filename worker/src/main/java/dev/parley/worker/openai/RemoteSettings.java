package dev.parley.worker.openai;

import dev.parley.shared.config.Secret;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/// Where the server is, and how much patience it gets.
///
/// @param base without `/v1` and without a slash at its end
/// @param key sent as a bearer token, if any
/// @param model sent as `model`; else the first one that `GET /v1/models` names
/// @param slots answers that the server writes for this worker at once
/// @param maxWaiting requests held beyond them
/// @param connect until a connection stands
/// @param firstToken from the request to the first piece of its answer
/// @param idle between two pieces
/// @param giveUp so long after it was submitted a request without a first piece ends
public record RemoteSettings(
    URI base,
    Optional<Secret> key,
    Optional<String> model,
    int slots,
    int maxWaiting,
    Duration connect,
    Duration firstToken,
    Duration idle,
    Duration giveUp) {

  /// A server on the same network answers sooner, or not at all.
  private static final Duration CONNECT = Duration.ofSeconds(5);

  public RemoteSettings {
    String scheme = String.valueOf(base.getScheme());
    if (!scheme.equals("http") && !scheme.equals("https")) {
      throw new IllegalArgumentException("the server's URL must begin with http:// or https://");
    }
    if (base.getHost() == null || base.getRawQuery() != null || base.getRawFragment() != null) {
      throw new IllegalArgumentException("the server's URL must be http(s)://HOST:PORT");
    }
    if (base.getRawUserInfo() != null) {
      throw new IllegalArgumentException(
          "the server's URL must not hold a password: set PARLEY_REMOTE_KEY");
    }
    if (slots < 1 || maxWaiting < 0) {
      throw new IllegalArgumentException("at least one slot, and none or more that wait");
    }
    if (!connect.isPositive() || !firstToken.isPositive() || !idle.isPositive()) {
      throw new IllegalArgumentException("a time limit must be positive");
    }
    if (giveUp.compareTo(firstToken) < 0) {
      throw new IllegalArgumentException("giving up comes after waiting for one first token");
    }
    base = trimmed(base);
  }

  /// Four slots, 256 requests waiting, two minutes to the first token, 30 s between two, ten minutes in
  /// all.
  ///
  /// @param base with or without `/v1`
  public static RemoteSettings of(URI base) {
    return new RemoteSettings(
        base,
        Optional.empty(),
        Optional.empty(),
        4,
        256,
        CONNECT,
        Duration.ofMinutes(2),
        Duration.ofSeconds(30),
        Duration.ofMinutes(10));
  }

  public RemoteSettings withKey(Optional<Secret> secret) {
    return new RemoteSettings(
        base, secret, model, slots, maxWaiting, connect, firstToken, idle, giveUp);
  }

  public RemoteSettings withModel(Optional<String> name) {
    return new RemoteSettings(
        base, key, name, slots, maxWaiting, connect, firstToken, idle, giveUp);
  }

  /// @param atOnce answers
  /// @param waiting requests beyond them
  public RemoteSettings withRoom(int atOnce, int waiting) {
    return new RemoteSettings(base, key, model, atOnce, waiting, connect, firstToken, idle, giveUp);
  }

  /// @param first to the first piece; giving up is put off to it if it would come before
  /// @param between two pieces
  /// @param atLast without a first piece
  public RemoteSettings withPatience(Duration first, Duration between, Duration atLast) {
    Duration later = atLast.compareTo(first) < 0 ? first : atLast;
    return new RemoteSettings(base, key, model, slots, maxWaiting, connect, first, between, later);
  }

  /// The address of a path that begins with a slash.
  URI address(String path) {
    return URI.create(base + path);
  }

  private static URI trimmed(URI url) {
    return URI.create(url.toString().replaceFirst("/+$", "").replaceFirst("/v1$", ""));
  }
}
