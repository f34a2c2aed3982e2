package dev.parley.shared.turn;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/// Names a turn: its conversation (which places it on a Redis shard) and its id. Written
/// `conversation/turnId`, which is also the Kafka key.
///
/// @param conversation 1 to 128 of `A-Z a-z 0-9 . _ : @ -`
/// @param turnId 1 to 64 of `A-Z a-z 0-9 _ -`
public record TurnRef(String conversation, String turnId) implements Comparable<TurnRef> {

  private static final Pattern CONVERSATION = Pattern.compile("[A-Za-z0-9._:@-]{1,128}");
  private static final Pattern TURN_ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  public TurnRef {
    if (!CONVERSATION.matcher(conversation).matches()) {
      throw new IllegalArgumentException("not a conversation id: " + printable(conversation));
    }
    if (!TURN_ID.matcher(turnId).matches()) {
      throw new IllegalArgumentException("not a turn id: " + printable(turnId));
    }
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
