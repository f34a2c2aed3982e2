package dev.parley.worker.model;

/// Token ids to look at: a growing list may stand behind them.
public interface TokenView {
  int size();

  /// @param index from 0
  int get(int index);

  /// Where the last `count` tokens begin.
  ///
  /// @param count -1 for all
  default int lastFrom(int count) {
    return count < 0 ? 0 : Math.max(0, size() - count);
  }
}
