package dev.parley.gateway.turn;

import dev.parley.gateway.chat.TurnEvent;
import dev.parley.gateway.chat.TurnListener;
import dev.parley.shared.wire.TokenLogprob;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Keeps what it is told, and checks the order in which a listener may be told.
final class ToldListener implements TurnListener {

  private final List<TurnEvent> events = new ArrayList<>();
  private final StringBuilder text = new StringBuilder();
  private final List<TokenLogprob> logprobs = new ArrayList<>();
  private Optional<TurnEvent.Ended> end = Optional.empty();
  private String fault = "";

  @Override
  public synchronized void onEvent(TurnEvent event) {
    if (end.isPresent()) {
      fault = event + " after the end";
    }
    events.add(event);
    switch (event) {
      case TurnEvent.Restarted whole -> {
        text.setLength(0);
        text.append(whole.wholeText());
        logprobs.clear();
        logprobs.addAll(whole.logprobs());
      }
      case TurnEvent.Text added -> {
        if (added.offset() != text.length()) {
          fault = added + " after " + text.length() + " characters";
        }
        text.append(added.added());
        logprobs.addAll(added.logprobs());
      }
      case TurnEvent.Position place -> {}
      case TurnEvent.Ended ended -> end = Optional.of(ended);
    }
  }

  synchronized String text() {
    return text.toString();
  }

  /// The text as the logprobs' bytes spell it.
  synchronized String spelled() {
    StringBuilder spelled = new StringBuilder();
    logprobs.forEach(token -> token.bytes().forEach(b -> spelled.append((char) (int) b)));
    return spelled.toString();
  }

  synchronized Optional<TurnEvent.Ended> end() {
    return end;
  }

  synchronized List<TurnEvent> events() {
    return List.copyOf(events);
  }

  synchronized String fault() {
    return fault;
  }
}
