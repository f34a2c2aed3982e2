package dev.parley.shared.turn;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/// Names a turn: its conversation (which places it on a Redis shard) and its id. Written
/// `conversation/turnId`, which is also the Kafka key.
///
/// @param conversation 1 to 128 of `A-Z a-z 0-9 . _ : @ -`
/// @param turnId 1 to 64 of `A-Z a-z 0-9 _ -`
public record TurnRef(String conversation, String turnId) implements Comparable<TurnRef> {

  private static final int MAX_CONVERSATION = 128;
  private static final int MAX_TURN_ID = 64;

  /// By hand, not by a pattern: it runs for every delta, and a pattern was more than half of what the
  /// subscriber's thread did.
  public TurnRef {
    if (!consists(conversation, MAX_CONVERSATION, "._:@-")) {
      throw new IllegalArgumentException("not a conversation id: " + printable(conversation));
    }
    if (!consists(turnId, MAX_TURN_ID, "_-")) {
      throw new IllegalArgumentException("not a turn id: " + printable(turnId));
    }
  }

  /// Whether a text is 1 to `most` letters and digits of ASCII and characters of `others`.
  private static boolean consists(String text, int most, String others) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean alphanumeric =
          (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      if (!alphanumeric && others.indexOf(c) < 0) {
        return false;
      }
    }
    return !text.isEmpty() && text.length() <= most;
  }

  /// Reads what [#toString] wrote.
  ///
  /// @throws IllegalArgumentException when the text is not `conversation/turnId`
  @JsonCreator
  public static TurnRef parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      throw new IllegalArgumentException("not a turn reference: " + printable(text));
    }
    return new TurnRef(text.substring(0, slash), text.substring(slash + 1));
  }

  @Override
  public int compareTo(TurnRef other) {
    return toString().compareTo(other.toString());
  }

  @Override
  @JsonValue
  public String toString() {
    return conversation + "/" + turnId;
  }

  private static String printable(String text) {
    String shown = text.length() > 40 ? text.substring(0, 40) + "..." : text;
    return shown.replaceAll("[^ -~]", "?");
  }
}
