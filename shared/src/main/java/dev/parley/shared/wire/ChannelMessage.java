package dev.parley.shared.wire;

import dev.parley.shared.turn.TurnRef;
import java.util.ArrayList;
import java.util.List;

/// What is published on a gateway's or a worker's channel. Only a doorbell: all of it can be read
/// again from the turn record.
///
/// Encoded as one line of a kind letter and space-separated names, for [Deltas] followed by one JSON
/// line a delta, because the scripts build it by concatenation.
public sealed interface ChannelMessage {

  TurnRef ref();

  /// `D ref attempt worker restarts`, then the deltas: text for the owner of the turn.
  record Deltas(TurnRef ref, String attempt, String worker, long restarts, List<Delta> deltas)
      implements ChannelMessage {
    public Deltas {
      deltas = List.copyOf(deltas);
    }
  }

  /// `E ref`: the turn ended; the record says how.
  record Ended(TurnRef ref) implements ChannelMessage {}

  /// `R ref`: the turn is READY and its owner should dispatch it.
  record Ready(TurnRef ref) implements ChannelMessage {}

  /// `C ref attempt`: to a worker: stop this attempt.
  record Cancel(TurnRef ref, String attempt) implements ChannelMessage {}

  /// Reads what [#encode] wrote.
  ///
  /// @throws WireException when the text is none of the four kinds
  static ChannelMessage parse(String message) {
    String[] lines = message.split("\n", -1);
    String[] words = lines[0].split(" ", -1);
    try {
      return switch (words[0]) {
        case "D" ->
            new Deltas(
                TurnRef.parse(words[1]),
                words[2],
                words[3],
                Long.parseLong(words[4]),
                deltas(lines));
        case "E" -> new Ended(TurnRef.parse(words[1]));
        case "R" -> new Ready(TurnRef.parse(words[1]));
        case "C" -> new Cancel(TurnRef.parse(words[1]), words[2]);
        default -> throw new WireException("unknown kind of channel message: " + words[0]);
      };
    } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
      throw new WireException("not a channel message: " + lines[0], e);
    }
  }

  /// The text that [#parse] reads.
  static String encode(ChannelMessage message) {
    return switch (message) {
      case Deltas d -> {
        StringBuilder text =
            new StringBuilder("D " + d.ref + " " + d.attempt + " " + d.worker + " " + d.restarts);
        d.deltas.forEach(delta -> text.append('\n').append(Wire.encode(delta)));
        yield text.toString();
      }
      case Ended e -> "E " + e.ref;
      case Ready r -> "R " + r.ref;
      case Cancel c -> "C " + c.ref + " " + c.attempt;
    };
  }

  private static List<Delta> deltas(String[] lines) {
    List<Delta> deltas = new ArrayList<>(lines.length - 1);
    for (int i = 1; i < lines.length; i++) {
      deltas.add(Wire.decodeDelta(lines[i]));
    }
    return deltas;
  }
}
