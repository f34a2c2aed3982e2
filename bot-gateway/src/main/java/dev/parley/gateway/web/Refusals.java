package dev.parley.gateway.web;

import dev.parley.gateway.chat.Submission;
import dev.parley.gateway.chat.TurnEvent;
import dev.parley.shared.openai.ApiError;
import java.time.Duration;
import java.util.Optional;

/// Ends and refusals of turns in HTTP's and OpenAI's words.
final class Refusals {
  private static final Duration RETRY_LATER = Duration.ofSeconds(5);

  private Refusals() {}

  static ApiError error(Submission.Refused refused) {
    return switch (refused.reason()) {
      case INVALID, NOT_NEWEST -> ApiError.invalid("messages", refused.sentence());
      case TOO_MANY -> ApiError.tooMany(refused.sentence(), orDefault(refused.retryAfter()));
      case UNAVAILABLE -> ApiError.unavailable(refused.sentence(), orDefault(refused.retryAfter()));
    };
  }

  static ApiError unavailable() {
    return ApiError.unavailable(
        "The store does not answer at the moment. Please try again.", RETRY_LATER);
  }

  /// Why an ended turn has no whole answer; empty when it has one.
  static Optional<ApiError> error(TurnEvent.Ended end) {
    String sentence = end.sentence().isEmpty() ? end.end().sentence() : end.sentence();
    return switch (end.end()) {
      case STOP, LENGTH -> Optional.empty();
      case CANCELLED -> Optional.of(ApiError.failed(409, "cancelled", sentence));
      case EXPIRED -> Optional.of(ApiError.failed(504, "expired", sentence));
      case POISON, ENGINE -> Optional.of(ApiError.failed(500, "engine_error", sentence));
      case UNREADABLE -> Optional.of(ApiError.failed(500, "lost", sentence));
      case REFUSED -> Optional.of(ApiError.tooMany(sentence, RETRY_LATER));
      case NO_MESSAGES, TEMPLATE -> Optional.of(ApiError.invalid("messages", sentence));
      case FORMAT -> Optional.of(ApiError.invalid("response_format", sentence));
      case DECLINED -> Optional.of(ApiError.failed(400, "declined", sentence));
      case UNKNOWN_TOKEN -> Optional.of(ApiError.invalid("logit_bias", sentence));
      case TOO_LONG ->
          Optional.of(ApiError.invalid("messages", "context_length_exceeded", sentence));
    };
  }

  private static Duration orDefault(Duration retryAfter) {
    return retryAfter.isZero() ? RETRY_LATER : retryAfter;
  }
}
