package dev.parley.gateway;

import dev.parley.shared.runtime.Verb;

/// Brings `./parley gateway` to the command line.
public final class GatewayVerb implements Verb {
  @Override
  public Object command() {
    return new GatewayCommand();
  }
}
