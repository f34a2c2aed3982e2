package dev.parley.shared.openai;

/// Carries an [ApiError] from the field at fault to the parser's door; it never leaves the package.
final class InvalidRequest extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient ApiError error;

  InvalidRequest(ApiError error) {
    super(error.message(), null, false, false);
    this.error = error;
  }

  static InvalidRequest field(String param, String message) {
    return new InvalidRequest(ApiError.invalid(param, message));
  }

  ApiError error() {
    return error;
  }
}
