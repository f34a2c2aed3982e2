package dev.parley.worker.intake.testing;

import dev.parley.shared.testing.FakePromptQueue;
import dev.parley.shared.wire.Lane;
import dev.parley.worker.intake.PromptHolder;
import dev.parley.worker.intake.PromptSource;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// Holders on a [FakePromptQueue].
public final class FakePromptSource implements PromptSource {
  private final FakePromptQueue queue;
  private final Map<String, String> troubles = new ConcurrentHashMap<>();
  private final AtomicLong members = new AtomicLong();

  public FakePromptSource(FakePromptQueue queue) {
    this.queue = queue;
  }

  @Override
  public PromptHolder open(Lane lane, String name) {
    return new FakePromptHolder(
        queue, lane, () -> name + "#" + members.incrementAndGet(), trouble -> tell(name, trouble));
  }

  @Override
  public Set<String> troubles() {
    return new TreeSet<>(troubles.values());
  }

  private void tell(String name, String trouble) {
    if (trouble.isEmpty()) {
      troubles.remove(name);
    } else {
      troubles.put(name, trouble);
    }
  }
}
