package dev.parley.bench;

import dev.parley.shared.runtime.Verb;

/// Brings `./parley bench` to the command line.
public final class BenchVerb implements Verb {
  @Override
  public Object command() {
    return new BenchCommand();
  }
}
