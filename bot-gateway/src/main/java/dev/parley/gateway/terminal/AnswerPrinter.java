package dev.parley.gateway.terminal;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.Optional;

/// Prints one answer as it grows. A terminal cannot take text back: an answer that starts over is
/// printed again below a line that says so.
final class AnswerPrinter {
  private final PrintWriter out;
  private final PrintWriter notes;
  private int printed;
  private boolean atLineStart = true;
  private boolean disturbed;

  /// @param out the answer alone
  /// @param notes everything about it
  AnswerPrinter(PrintWriter out, PrintWriter notes) {
    this.out = out;
    this.notes = notes;
  }

  /// Takes an event of the turn's stream; the end of the turn is returned.
  Optional<Ending> event(String name, JsonNode data) {
    switch (name) {
      case "snapshot" -> {
        waiting(data.path("before").asInt());
        text(data.path("from").asInt(), data.path("text").asText());
      }
      case "position" -> waiting(data.path("before").asInt());
      case "text" -> text(data.path("at").asInt(), data.path("text").asText());
      case "restart" -> restart(data.path("text").asText());
      case "end" -> {
        endLine();
        return Optional.of(
            new Ending(data.path("answered").asBoolean(), data.path("sentence").asText()));
      }
      default -> {
        // A later server's event that this client need not know.
      }
    }
    return Optional.empty();
  }

  /// The connection broke and is being taken up again.
  void disturbed() {
    if (!disturbed) {
      disturbed = true;
      note("connection lost, reconnecting");
    }
  }

  private void waiting(int before) {
    if (before > 0) {
      note("waiting, " + before + " before you");
    }
  }

  private void text(int at, String text) {
    if (at < printed && at + text.length() >= printed) {
      print(text.substring(printed - at));
    } else if (at < printed) {
      restart(text);
    } else {
      print(text);
    }
    disturbed = false;
  }

  private void restart(String whole) {
    if (printed > 0) {
      note("the answer starts over");
    }
    printed = 0;
    print(whole);
  }

  private void print(String text) {
    if (text.isEmpty()) {
      return;
    }
    out.print(TerminalText.safe(text));
    out.flush();
    printed += text.length();
    atLineStart = text.endsWith("\n");
  }

  private void note(String note) {
    endLine();
    notes.println("[" + note + "]");
    notes.flush();
  }

  private void endLine() {
    if (!atLineStart) {
      out.println();
      out.flush();
      atLineStart = true;
    }
  }
}
