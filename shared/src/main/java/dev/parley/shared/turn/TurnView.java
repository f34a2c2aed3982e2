package dev.parley.shared.turn;

import dev.parley.shared.wire.Delta;
import dev.parley.shared.wire.EndReason;
import dev.parley.shared.wire.TokenLogprob;
import dev.parley.shared.wire.Usage;
import java.util.List;
import java.util.Optional;

/// A copy of a turn record. The gateway's and the worker's memory of a turn have the same shape, so
/// that either can put it back after Redis lost it.
///
/// @param request JSON of a [dev.parley.shared.wire.TurnRequest]
/// @param gateway owner: gets the deltas and edits the reply
/// @param adoptions how often another gateway took the turn over; of two memories the one with more
///     is newer
/// @param admittedMs place in the conversation's order
/// @param attempt fence: the only attempt whose writes count; empty when none runs
/// @param worker process that holds the attempt; empty when none
/// @param restarts how often shown text was given up for a fresh start
/// @param fingerprint of the model whose tokens are in the buffer; empty when none
/// @param starts how often an attempt was begun
/// @param yields how often an attempt handed itself over in good order
/// @param orphan no Kafka record serves this running turn any more
/// @param parts the platform's message ids by part, empty where one is unknown
/// @param placing k + 1 while the send of part k is in flight, else 0
/// @param text final text; empty before the end
/// @param end why it ended; empty before
/// @param got the owner holds the end in its own memory
/// @param deltas the buffer, oldest first
public record TurnView(
    TurnRef ref,
    TurnState state,
    String request,
    String gateway,
    int adoptions,
    long admittedMs,
    long deadlineMs,
    long deliverByMs,
    String attempt,
    String worker,
    long restarts,
    String fingerprint,
    int starts,
    int yields,
    boolean orphan,
    List<String> parts,
    int placing,
    String text,
    Optional<EndReason> end,
    Usage usage,
    boolean got,
    List<Delta> deltas) {

  public TurnView {
    parts = List.copyOf(parts);
    deltas = List.copyOf(deltas);
  }

  /// Number of the last delta in the buffer, 0 when it is empty.
  public long lastDelta() {
    return deltas.isEmpty() ? 0 : deltas.getLast().n();
  }

  /// Whether a message of its reply is on its way: announced, and its id not known yet.
  public boolean sending() {
    return placing > 0 && (parts.size() < placing || parts.get(placing - 1).isEmpty());
  }

  /// Attempts that ended without handing over.
  public int crashes() {
    return starts - yields;
  }

  /// The text of the buffer.
  public String shownText() {
    StringBuilder text = new StringBuilder();
    deltas.forEach(d -> text.append(d.text()));
    return text.toString();
  }

  /// Those of the buffer's tokens, if the request wants them, else none.
  public List<TokenLogprob> logprobs() {
    return deltas.stream().flatMap(d -> d.logprobs().stream()).toList();
  }
}
