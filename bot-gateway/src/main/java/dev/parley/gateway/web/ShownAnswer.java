package dev.parley.gateway.web;

import dev.parley.gateway.chat.TurnEvent;
import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.wire.TokenLogprob;
import java.util.ArrayList;
import java.util.List;

/// One turn as one reader has it: its text, its logprobs, whether it saw the end. Not thread-safe.
final class ShownAnswer {
  private final TurnRef turn;
  private final ShownText text;

  /// Of all tokens of the answer as it stands.
  private final List<TokenLogprob> logprobs = new ArrayList<>();

  private int logprobsSent;
  private boolean ended;

  ShownAnswer(TurnRef turn, ShownText text) {
    this.turn = turn;
    this.text = text;
  }

  TurnRef turn() {
    return turn;
  }

  ShownText.Change piece(TurnEvent.Text piece) {
    logprobs.addAll(piece.logprobs());
    return text.piece(piece.added(), piece.offset());
  }

  ShownText.Change restarted(TurnEvent.Restarted whole) {
    logprobs.clear();
    logprobs.addAll(whole.logprobs());
    return whole(whole.wholeText());
  }

  ShownText.Change whole(String answer) {
    ShownText.Change change = text.whole(answer);
    if (change instanceof ShownText.Change.Replace) {
      logprobsSent = 0;
    }
    return change;
  }

  /// Those that the reader does not have yet; from now on it does.
  List<TokenLogprob> takeLogprobs() {
    if (logprobsSent >= logprobs.size()) {
      // None, or those of a restart that have not come as far yet.
      return List.of();
    }
    List<TokenLogprob> fresh = List.copyOf(logprobs.subList(logprobsSent, logprobs.size()));
    logprobsSent = logprobs.size();
    return fresh;
  }

  void end() {
    ended = true;
  }

  boolean ended() {
    return ended;
  }
}
