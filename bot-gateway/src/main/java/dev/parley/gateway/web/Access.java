package dev.parley.gateway.web;

import dev.parley.shared.openai.ApiError;
import dev.parley.shared.openai.InvalidRequest;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.net.URI;
import java.util.Optional;
import java.util.regex.Pattern;

/// Who may ask. With keys: whoever sends one. Without, on loopback: everybody on this machine, but no
/// foreign web page in its browsers, so the request must name this machine as its host (a page that
/// rebinds its DNS name cannot) and must not come from another origin.
final class Access {
  private static final Pattern LOCAL_HOST =
      Pattern.compile(
          "(localhost|127(\\.\\d{1,3}){3}|\\[::1])(:\\d{1,5})?", Pattern.CASE_INSENSITIVE);

  private final ApiKeys keys;

  Access(ApiKeys keys) {
    this.keys = keys;
  }

  /// The tenant this request acts for.
  ///
  /// @throws InvalidRequest when it may not act for any
  String tenant(ServerRequest request) {
    if (keys.isEmpty()) {
      requireLocal(
          request.headers().first(HeaderNames.HOST).orElse(""),
          request.headers().first(HeaderNames.ORIGIN));
    }
    return keys.tenant(request.headers().first(HeaderNames.AUTHORIZATION))
        .orElseThrow(() -> new InvalidRequest(ApiError.unauthorized()));
  }

  private static void requireLocal(String host, Optional<String> origin) {
    if (!LOCAL_HOST.matcher(host).matches()) {
      throw new InvalidRequest(
          ApiError.forbidden(
              "This server answers to this machine only; to call it by another name, set"
                  + " PARLEY_API_KEYS."));
    }
    if (origin.isPresent() && !authority(origin.get()).equalsIgnoreCase(host)) {
      throw new InvalidRequest(
          ApiError.forbidden("Pages of other sites may not use this server without a key."));
    }
  }

  private static String authority(String origin) {
    try {
      return Optional.ofNullable(URI.create(origin).getRawAuthority()).orElse("");
    } catch (IllegalArgumentException e) {
      return "";
    }
  }
}
