package dev.parley.shared.runtime;

/// A verb of the command line: `./parley NAME`. Each module brings its own, found with
/// [java.util.ServiceLoader] (a line in `META-INF/services/dev.parley.shared.runtime.Verb`), so
/// that the command line knows none of them and they do not know it.
public interface Verb {
  /// An object that picocli takes as a subcommand: its class has `@Command`.
  Object command();
}
