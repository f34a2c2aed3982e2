package dev.parley.shared.openai;

/// A request that is answered with an error; thrown by the reader of the field at fault and caught
/// where the request came in.
public final class InvalidRequest extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient ApiError error;

  public InvalidRequest(ApiError error) {
    super(error.message(), null, false, false);
    this.error = error;
  }

  public static InvalidRequest field(String param, String message) {
    return new InvalidRequest(ApiError.invalid(param, message));
  }

  public ApiError error() {
    return error;
  }
}
