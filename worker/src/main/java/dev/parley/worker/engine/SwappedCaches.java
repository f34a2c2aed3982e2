package dev.parley.worker.engine;

import dev.parley.worker.llama.SavedSequence;
import dev.parley.worker.model.TokenModel;
import java.util.HashMap;
import java.util.Map;

/// The caches of preempted requests in host memory.
final class SwappedCaches implements AutoCloseable {
  private final Map<String, SavedSequence> caches = new HashMap<>();

  void put(String id, SavedSequence saved) {
    forget(id);
    caches.put(id, saved);
  }

  /// Puts a request's cache back into an empty slot.
  void restore(String id, TokenModel model, int slot) {
    SavedSequence saved = caches.get(id);
    if (saved == null) {
      throw new IllegalStateException("the cache of " + id + " is not in host memory");
    }
    model.restore(saved, slot);
    forget(id);
  }

  /// Frees a request's memory, if it has any here.
  void forget(String id) {
    SavedSequence saved = caches.remove(id);
    if (saved != null) {
      saved.close();
    }
  }

  @Override
  public void close() {
    caches.values().forEach(SavedSequence::close);
    caches.clear();
  }
}
