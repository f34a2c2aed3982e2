package dev.parley.shared.openai;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Optional;

/// An error in the form OpenAI clients understand.
///
/// @param status the HTTP status
/// @param type the class of error that clients switch on
/// @param code the precise reason, where there is one
/// @param param the request field at fault, where there is one
/// @param message what is wrong and what to do, for a person
/// @param retryAfter when a retry makes sense; zero when it makes none
public record ApiError(
    int status,
    String type,
    Optional<String> code,
    Optional<String> param,
    String message,
    Duration retryAfter) {

  public ApiError {
    if (status < 400 || status > 599) {
      throw new IllegalArgumentException("not an error status: " + status);
    }
  }

  /// The request is wrong in one field.
  public static ApiError invalid(String param, String message) {
    return new ApiError(
        400, "invalid_request_error", Optional.empty(), Optional.of(param), message, Duration.ZERO);
  }

  /// The request is wrong in one field, in a way clients may want to tell apart.
  public static ApiError invalid(String param, String code, String message) {
    return new ApiError(
        400,
        "invalid_request_error",
        Optional.of(code),
        Optional.of(param),
        message,
        Duration.ZERO);
  }

  /// The request as a whole cannot be read.
  public static ApiError unreadable(String code, String message) {
    return whole(400, "invalid_request_error", code, message);
  }

  public static ApiError tooLarge(int maxBodyBytes) {
    return whole(
        413,
        "invalid_request_error",
        "request_too_large",
        "The request body is larger than " + maxBodyBytes + " bytes.");
  }

  public static ApiError unauthorized() {
    return whole(
        401,
        "authentication_error",
        "invalid_api_key",
        "Send one of this server's API keys as 'Authorization: Bearer KEY'.");
  }

  public static ApiError forbidden(String message) {
    return whole(403, "invalid_request_error", "forbidden", message);
  }

  public static ApiError notFound(String message) {
    return whole(404, "invalid_request_error", "not_found", message);
  }

  public static ApiError methodNotAllowed(String message) {
    return whole(405, "invalid_request_error", "method_not_allowed", message);
  }

  public static ApiError unknownModel(String model) {
    return new ApiError(
        404,
        "invalid_request_error",
        Optional.of("model_not_found"),
        Optional.of("model"),
        "The model '" + model + "' does not exist here. GET /v1/models lists those that do.",
        Duration.ZERO);
  }

  public static ApiError tooMany(String message, Duration retryAfter) {
    return new ApiError(
        429,
        "rate_limit_error",
        Optional.of("rate_limit_exceeded"),
        Optional.empty(),
        message,
        retryAfter);
  }

  public static ApiError unavailable(String message, Duration retryAfter) {
    return new ApiError(
        503, "server_error", Optional.of("unavailable"), Optional.empty(), message, retryAfter);
  }

  /// The answer could not be completed; `code` names how it ended.
  public static ApiError failed(int status, String code, String message) {
    return whole(status, status < 500 ? "invalid_request_error" : "server_error", code, message);
  }

  private static ApiError whole(int status, String type, String code, String message) {
    return new ApiError(status, type, Optional.of(code), Optional.empty(), message, Duration.ZERO);
  }

  /// `{"error": {"message", "type", "param", "code"}}`, absent fields as null, as OpenAI sends them.
  public String toJson() {
    ObjectNode error = JsonNodeFactory.instance.objectNode();
    error.put("message", message);
    error.put("type", type);
    error.put("param", param.orElse(null));
    error.put("code", code.orElse(null));
    return JsonNodeFactory.instance.objectNode().set("error", error).toString();
  }

  /// [#retryAfter] as the `Retry-After` header wants it: whole seconds, rounded up.
  public Optional<String> retryAfterSeconds() {
    return retryAfter.isZero()
        ? Optional.empty()
        : Optional.of(Long.toString(Math.max(1, retryAfter.plusMillis(999).toSeconds())));
  }
}
