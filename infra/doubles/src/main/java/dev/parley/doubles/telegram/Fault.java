package dev.parley.doubles.telegram;

import java.time.Duration;

/// Something that goes wrong with a call.
public sealed interface Fault {

  /// The call is refused; if it is one that flood limits count, its chat is closed for that time.
  record TooManyRequests(int retryAfterS) implements Fault {}

  /// The call is not carried out; a status and a text that is no JSON come back.
  record Broken(int status, String body) implements Fault {}

  /// The connection is closed without an answer.
  ///
  /// @param committed whether the call was carried out before
  record Reset(boolean committed) implements Fault {}

  /// No answer ever comes; the connection stays open.
  ///
  /// @param committed whether the call was carried out before
  record Silence(boolean committed) implements Fault {}

  /// The call is carried out at once and answered late.
  record Slow(Duration delay) implements Fault {}

  static Fault tooManyRequests(int retryAfterS) {
    return new TooManyRequests(retryAfterS);
  }

  /// As Telegram's front servers answer when those behind them are away.
  static Fault serverError(int status) {
    return new Broken(
        status, "<html><head><title>" + status + "</title></head><body>nginx</body></html>");
  }

  /// As Telegram's servers refuse something that they took at other times.
  static Fault badRequest(String description) {
    return refused(400, description);
  }

  /// As Telegram's servers refuse what the bot may not do.
  static Fault forbidden(String description) {
    return refused(403, description);
  }

  private static Fault refused(int code, String description) {
    return new Broken(
        code, "{\"ok\":false,\"error_code\":" + code + ",\"description\":\"" + description + "\"}");
  }

  static Fault resetBeforeCommit() {
    return new Reset(false);
  }

  static Fault resetAfterCommit() {
    return new Reset(true);
  }

  static Fault silenceBeforeCommit() {
    return new Silence(false);
  }

  static Fault silenceAfterCommit() {
    return new Silence(true);
  }

  static Fault slow(Duration delay) {
    return new Slow(delay);
  }
}
