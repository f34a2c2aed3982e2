package dev.parley.worker.engine;

import dev.parley.worker.engine.EngineOutput.Ended;

/// What other threads ask of the engine's.
sealed interface Command {

  /// Run this.
  record Submit(Answer answer) implements Command {}

  /// Report the end of a request that never became one to run.
  record Refuse(Ended ended) implements Command {}

  /// End this as soon as possible.
  record Cancel(String id) implements Command {}

  /// A file was looked for and read, or not.
  record FileRead() implements Command {}

  /// End the thread after this.
  record Stop() implements Command {}
}
