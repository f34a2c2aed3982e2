package dev.parley.gateway.turn;

import dev.parley.gateway.chat.TurnEvent;
import dev.parley.gateway.chat.TurnListener;
import java.util.ArrayList;
import java.util.List;

/// The listeners of one turn. Each sees whole text first, then changes, one end, and nothing after.
final class Watchers {

  private final List<TurnListener> listeners = new ArrayList<>();

  void add(TurnListener listener, TurnMemory memory) {
    listener.onEvent(new TurnEvent.Restarted(memory.shownText(), memory.logprobs()));
    if (memory.state.ended()) {
      listener.onEvent(ended(memory));
    } else {
      listeners.add(listener);
    }
  }

  void remove(TurnListener listener) {
    listeners.remove(listener);
  }

  boolean isEmpty() {
    return listeners.isEmpty();
  }

  void tell(TurnEvent event) {
    List.copyOf(listeners).forEach(listener -> listener.onEvent(event));
  }

  /// The last event. A final text that does not go on from what was shown is announced as a restart.
  void end(TurnMemory memory) {
    if (!memory.text.startsWith(memory.shownText())) {
      tell(new TurnEvent.Restarted(memory.text));
    }
    tell(ended(memory));
    listeners.clear();
  }

  /// Hands the listeners over; they get no more events from here.
  List<TurnListener> take() {
    List<TurnListener> taken = List.copyOf(listeners);
    listeners.clear();
    return taken;
  }

  private static TurnEvent.Ended ended(TurnMemory memory) {
    var end = memory.end.orElseThrow();
    return new TurnEvent.Ended(end, memory.text, memory.usage, end.sentence());
  }
}
