package dev.parley.doubles.telegram;

import java.util.OptionalInt;
import java.util.OptionalLong;

/// A call that fails; thrown where the reason is found and caught where the call came in.
final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Answer.Failed answer;

  ApiException(Answer.Failed answer) {
    super(answer.description(), null, false, false);
    this.answer = answer;
  }

  static ApiException badRequest(String reason) {
    return new ApiException(Answer.failed(400, "Bad Request: " + reason));
  }

  static ApiException forbidden(String reason) {
    return new ApiException(Answer.failed(403, "Forbidden: " + reason));
  }

  /// The group is a supergroup now.
  static ApiException migrated(long to) {
    return new ApiException(
        new Answer.Failed(
            400,
            "Bad Request: group chat was upgraded to a supergroup chat",
            OptionalInt.empty(),
            OptionalLong.of(to)));
  }

  Answer.Failed answer() {
    return answer;
  }
}
