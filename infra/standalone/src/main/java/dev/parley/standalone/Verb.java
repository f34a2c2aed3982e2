package dev.parley.standalone;

/// A verb of the command line that a module above this one brings, found with
/// [java.util.ServiceLoader]: `bench` knows this module, so this module cannot know it.
public interface Verb {
  /// An object that picocli takes as a subcommand.
  Object command();
}
