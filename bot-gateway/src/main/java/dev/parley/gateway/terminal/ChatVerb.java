package dev.parley.gateway.terminal;

import dev.parley.shared.runtime.Verb;

/// Brings `./parley chat` to the command line.
public final class ChatVerb implements Verb {
  @Override
  public Object command() {
    return new ChatCommand();
  }
}
