package dev.parley.gateway.telegram;

/// What came of a call of the Bot API.
sealed interface ApiResult<T> {

  record Ok<T>(T value) implements ApiResult<T> {}

  /// Too many calls; nothing happened.
  record Flood<T>(long retryAfterMs) implements ApiResult<T> {}

  /// The group has become a supergroup; nothing happened.
  record Migrated<T>(long chat) implements ApiResult<T> {}

  /// Telegram refuses the call as it is; nothing happened.
  ///
  /// @param code of HTTP
  /// @param description Telegram's own words
  record Refused<T>(int code, String description) implements ApiResult<T> {

    boolean says(String words) {
      return description.contains(words);
    }
  }

  /// The call never left; nothing happened.
  record Unreachable<T>(String reason) implements ApiResult<T> {}

  /// It may or may not have happened.
  record Unknown<T>(String reason) implements ApiResult<T> {}
}
