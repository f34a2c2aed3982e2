package dev.parley.worker.engine;

import java.util.List;

/// An answer that broke off, to be continued.
///
/// @param ids every token it has, made under the fingerprint of the engine that continues it
/// @param text what of it has become visible
public record Resume(List<Integer> ids, String text) {

  /// A fresh start.
  public static final Resume NONE = new Resume(List.of(), "");

  public Resume {
    ids = List.copyOf(ids);
  }
}
