package dev.parley.gateway.reply;

import dev.parley.shared.turn.TurnState;
import dev.parley.shared.wire.EndReason;
import java.util.Optional;

/// What the reader of a reply should learn now, before a platform gives it its form.
///
/// @param before turns that come first while this one waits, as far as is known, else 0
/// @param waitS about how long that will take, seconds; 0 when nobody can tell
/// @param text the answer so far, in the model's own Markdown; the whole of it once `end` is there
/// @param end why the turn ended; empty while it has not
public record ReplyContent(
    TurnState state, int before, int waitS, String text, Optional<EndReason> end) {

  /// What stands where nothing has been answered yet.
  public static final String PLACEHOLDER = "…";

  public boolean ended() {
    return end.isPresent();
  }

  /// All of it as plain text, never empty: the answer, and what is to be said of its end.
  public String plain() {
    String sentence = end.map(EndReason::sentence).orElse("");
    if (text.isEmpty()) {
      return !ended() ? PLACEHOLDER : sentence.isEmpty() ? "(no answer)" : sentence;
    }
    return sentence.isEmpty() ? text : text + "\n\n" + sentence;
  }
}
