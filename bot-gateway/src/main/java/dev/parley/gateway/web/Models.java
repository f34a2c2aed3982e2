package dev.parley.gateway.web;

import java.util.List;

/// Which models this system answers with, best first.
@FunctionalInterface
public interface Models {
  /// Any request may ask for the default model by this name.
  String ALIAS = "parley";

  /// Names as `/v1/models` lists them; empty while no worker has told.
  List<String> names();

  /// Whether a request may ask for this model.
  default boolean serves(String name) {
    return name.equals(ALIAS) || names().contains(name);
  }
}
