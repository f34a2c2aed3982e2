package dev.parley.doubles.telegram;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads the arguments of an HTTP request: from its query, a form, a multipart form or JSON.
final class HttpArgs {
  private static final int MAX_BODY = 60 * 1024 * 1024;
  private static final Pattern AMPERSAND = Pattern.compile("&");

  private HttpArgs() {}

  /// @throws ApiException when the body is not what it says
  static Args read(HttpExchange exchange) throws IOException {
    Args inQuery = new Args(form(exchange.getRequestURI().getRawQuery()), Map.of());
    byte[] body = body(exchange);
    String type =
        Optional.ofNullable(exchange.getRequestHeaders().getFirst("Content-Type")).orElse("");
    String lower = type.toLowerCase(Locale.ROOT);
    if (body.length == 0) {
      return inQuery;
    }
    if (lower.startsWith("application/json")) {
      return inQuery.and(Args.of(object(body)));
    }
    if (lower.startsWith("multipart/form-data")) {
      return inQuery.and(Multipart.read(type, body));
    }
    if (lower.startsWith("application/x-www-form-urlencoded")) {
      return inQuery.and(new Args(form(new String(body, StandardCharsets.UTF_8)), Map.of()));
    }
    return inQuery;
  }

  private static byte[] body(HttpExchange exchange) throws IOException {
    try (InputStream in = exchange.getRequestBody()) {
      byte[] body = in.readNBytes(MAX_BODY + 1);
      if (body.length > MAX_BODY) {
        throw new ApiException(Answer.failed(413, "Request Entity Too Large"));
      }
      return body;
    }
  }

  private static JsonNode object(byte[] body) throws IOException {
    try {
      JsonNode json = ApiJson.MAPPER.readTree(body);
      if (json.isObject()) {
        return json;
      }
    } catch (JsonProcessingException e) {
      // Answered below.
    }
    throw ApiException.badRequest("can't parse JSON object");
  }

  private static Map<String, JsonNode> form(@Nullable String text) {
    Map<String, JsonNode> values = new HashMap<>();
    if (text == null || text.isEmpty()) {
      return values;
    }
    for (String pair : AMPERSAND.splitAsStream(text).toList()) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        values.put(
            decoded(pair.substring(0, equals)),
            ApiJson.NODES.textNode(decoded(pair.substring(equals + 1))));
      }
    }
    return values;
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
