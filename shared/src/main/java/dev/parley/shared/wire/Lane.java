package dev.parley.shared.wire;

/// Whether somebody waits for the answer, or it is a piece of a long document.
public enum Lane {
  INTERACTIVE,
  BATCH
}
