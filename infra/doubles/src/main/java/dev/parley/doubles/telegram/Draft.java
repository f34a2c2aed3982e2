package dev.parley.doubles.telegram;

import java.util.List;

/// A preview that a bot streams into a private chat; it is gone 30 s after its last change, and it is no message.
///
/// @param versions the oldest first; an empty text shows as "Thinking..."
public record Draft(long id, List<Version> versions) {

  public Draft {
    versions = List.copyOf(versions);
  }
}
