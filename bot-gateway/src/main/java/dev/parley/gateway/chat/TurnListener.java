package dev.parley.gateway.chat;

/// Receives a turn's events, one at a time and in order, from whatever thread produces them.
///
/// An implementation must neither block nor throw: it stands in the path of every other turn's
/// tokens. It hands the event to a thread of its own.
@FunctionalInterface
public interface TurnListener {
  void onEvent(TurnEvent event);
}
