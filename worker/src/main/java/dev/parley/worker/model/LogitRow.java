package dev.parley.worker.model;

import java.util.Arrays;

/// A row of logits that controls change in a few places, with what was there before: changes can be taken back,
/// and logprobs told from what the model said. Reused and not thread-safe.
final class LogitRow {
  private float[] logits = new float[0];
  private int[] ids = new int[64];
  private float[] before = new float[64];
  private int changes;

  /// Begins with a row, which is changed in place.
  void begin(float[] row) {
    logits = row;
    changes = 0;
  }

  int size() {
    return logits.length;
  }

  float get(int id) {
    return logits[id];
  }

  void set(int id, float logit) {
    if (changes == ids.length) {
      ids = Arrays.copyOf(ids, 2 * changes);
      before = Arrays.copyOf(before, 2 * changes);
    }
    ids[changes] = id;
    before[changes++] = logits[id];
    logits[id] = logit;
  }

  void ban(int id) {
    if (logits[id] > Float.NEGATIVE_INFINITY) {
      set(id, Float.NEGATIVE_INFINITY);
    }
  }

  /// How much has been changed, for [#takeBack].
  int mark() {
    return changes;
  }

  /// Takes back what was changed since the mark.
  void takeBack(int mark) {
    while (changes > mark) {
      changes--;
      logits[ids[changes]] = before[changes];
    }
  }

  /// What the model said of a token.
  float original(int id) {
    for (int i = 0; i < changes; i++) {
      if (ids[i] == id) {
        return before[i];
      }
    }
    return logits[id];
  }

  /// Whether there is a token to choose.
  boolean anyLeft() {
    for (float logit : logits) {
      if (logit > Float.NEGATIVE_INFINITY) {
        return true;
      }
    }
    return false;
  }
}
