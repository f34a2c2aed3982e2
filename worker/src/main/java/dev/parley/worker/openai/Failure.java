package dev.parley.worker.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.shared.wire.EndReason;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.Stream;

/// Why a call brought no whole answer, and what follows from it.
///
/// @param again whether the request may be sent once more, as long as nothing of its answer was seen
/// @param broken whether it speaks against the server, and not only against the request
/// @param reason how the request ends if it is not sent again
/// @param detail one line for log and operator
/// @param retryAfter what the server asked for, zero if nothing
record Failure(Again again, boolean broken, EndReason reason, String detail, Duration retryAfter) {
  /// Whether a request is sent again.
  enum Again {
    /// The server did not take it: as often as its time allows.
    NOT_TAKEN,
    /// The server took it and failed: a few times, since the request itself may be what it fails on.
    A_FEW_TIMES,
    NEVER
  }

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MAX_DETAIL_CHARS = 300;

  static Failure unreachable(String why) {
    return new Failure(
        Again.NOT_TAKEN,
        true,
        EndReason.ENGINE,
        "the server cannot be reached (" + why + "): start it, or correct PARLEY_ENGINE",
        Duration.ZERO);
  }

  /// The connection ended before the answer did.
  static Failure cut(String why) {
    return new Failure(
        Again.A_FEW_TIMES,
        true,
        EndReason.ENGINE,
        "the server broke its answer off" + (why.isEmpty() ? "" : " (" + line(why) + ")"),
        Duration.ZERO);
  }

  /// @param setting that says how long
  static Failure silent(Duration time, String setting) {
    return new Failure(
        Again.A_FEW_TIMES,
        true,
        EndReason.ENGINE,
        "the server was silent for longer than " + setting + " = " + time.toSeconds() + " s",
        Duration.ZERO);
  }

  /// What it said is not what such a server says: asking once more would not make it another one.
  static Failure nonsense(String what) {
    return new Failure(
        Again.NEVER,
        true,
        EndReason.ENGINE,
        "the server does not speak the OpenAI protocol: " + what,
        Duration.ZERO);
  }

  /// An error object in the midst of the answer.
  static Failure told(JsonNode error) {
    String type = error.path("type").asText("");
    EndReason reason =
        tooLong(error)
            ? EndReason.TOO_LONG
            : type.equals("invalid_request_error") ? EndReason.DECLINED : EndReason.ENGINE;
    boolean busy = type.equals("rate_limit_error");
    return new Failure(
        busy ? Again.NOT_TAKEN : Again.NEVER,
        reason == EndReason.ENGINE && !busy,
        reason,
        "the server ended the answer: " + message(error),
        Duration.ZERO);
  }

  /// An answer that is none.
  ///
  /// @param status any but 200
  /// @param body its beginning
  static Failure status(int status, String body, Duration retryAfter) {
    JsonNode error = error(body);
    String said = "the server answered " + status + ": " + message(error);
    return switch (status) {
      case 401, 403 ->
          operators(said + " -- correct PARLEY_REMOTE_KEY, or what this key may do at the server");
      case 404 -> operators(said + " -- correct PARLEY_ENGINE or PARLEY_REMOTE_MODEL");
      case 413 -> new Failure(Again.NEVER, false, EndReason.TOO_LONG, said, Duration.ZERO);
      case 429 -> new Failure(Again.NOT_TAKEN, false, EndReason.ENGINE, said, retryAfter);
      case 503 -> new Failure(Again.NOT_TAKEN, true, EndReason.ENGINE, said, retryAfter);
      default -> {
        if (status >= 500) {
          yield new Failure(Again.A_FEW_TIMES, true, EndReason.ENGINE, said, retryAfter);
        }
        yield status >= 400
            ? new Failure(
                Again.NEVER,
                false,
                tooLong(error) ? EndReason.TOO_LONG : EndReason.DECLINED,
                said,
                Duration.ZERO)
            : operators(said + " -- correct PARLEY_ENGINE");
      }
    };
  }

  private static Failure operators(String detail) {
    return new Failure(Again.NEVER, false, EndReason.ENGINE, detail, Duration.ZERO);
  }

  private static JsonNode error(String body) {
    try {
      JsonNode node = JSON.readTree(body);
      return node.path("error").isMissingNode() ? node : node.path("error");
    } catch (JsonProcessingException e) {
      // A proxy's page, or nothing: there is no error object to read.
      return JSON.missingNode();
    }
  }

  /// vLLM and OpenAI say it in `code`, llama-server in `type`, others in words alone.
  private static boolean tooLong(JsonNode error) {
    String said = message(error).toLowerCase(Locale.ROOT);
    return error.path("code").asText("").equals("context_length_exceeded")
        || error.path("type").asText("").equals("exceed_context_size_error")
        || said.contains("maximum context length")
        || said.contains("context size")
        || said.contains("context length");
  }

  private static String message(JsonNode error) {
    return Stream.of(error, error.path("message"), error.path("detail"))
        .filter(JsonNode::isTextual)
        .map(node -> line(node.asText()))
        .filter(text -> !text.isEmpty())
        .findFirst()
        .orElse("it did not say why");
  }

  /// One line of bounded length, without control characters.
  private static String line(String text) {
    String line = text.replaceAll("\\p{Cntrl}+", " ").strip();
    return line.length() <= MAX_DETAIL_CHARS ? line : line.substring(0, MAX_DETAIL_CHARS) + "...";
  }
}
