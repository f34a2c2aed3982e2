package dev.parley.worker;

import dev.parley.shared.runtime.Verb;

/// Brings `./parley worker` to the command line.
public final class WorkerVerb implements Verb {
  @Override
  public Object command() {
    return new WorkerCommand();
  }
}
