package dev.parley.worker.intake;

import dev.parley.shared.wire.Delta;
import dev.parley.shared.wire.EndReason;
import dev.parley.shared.wire.Prompt;
import dev.parley.shared.wire.Usage;
import dev.parley.worker.engine.Engine;
import dev.parley.worker.engine.EngineOutput;
import dev.parley.worker.engine.EngineRequest;
import dev.parley.worker.engine.Resume;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Gives requests to the engine. Rendering and tokenizing a long prompt takes tens of milliseconds,
/// so it has a thread of its own, where it holds up neither the loop's appends nor, by pinning, the
/// threads that wait for Redis.
final class EngineSide implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EngineSide.class);

  private final Engine engine;
  private final Consumer<Runnable> mailbox;
  private final Consumer<EngineOutput> refused;
  private final ExecutorService submitter =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().name("submit").daemon().factory());

  /// On their way to the engine.
  private final Set<String> submitting = new HashSet<>();

  /// Of those, the ones that are not wanted any more.
  private final Set<String> stopped = new HashSet<>();

  /// @param refused takes the end of a request that the engine could not take
  EngineSide(Engine engine, Consumer<Runnable> mailbox, Consumer<EngineOutput> refused) {
    this.engine = engine;
    this.mailbox = mailbox;
    this.refused = refused;
  }

  void generate(String id, Prompt prompt, List<Delta> shown, boolean alone) {
    submitting.add(id);
    submitter.execute(() -> {
      boolean taken = submit(id, prompt, shown, alone);
      mailbox.accept(() -> onSubmitted(id, taken));
    });
  }

  void stop(String id) {
    if (submitting.contains(id)) {
      stopped.add(id);
    } else {
      engine.cancel(id);
    }
  }

  boolean tellsTokens() {
    return engine.info().tellsTokens();
  }

  boolean alive() {
    return engine.progress().alive();
  }

  @Override
  public void close() {
    submitter.shutdownNow();
  }

  private boolean submit(String id, Prompt prompt, List<Delta> shown, boolean alone) {
    try {
      engine.submit(
          new EngineRequest(
              id,
              // The same name behind two keys is two people.
              prompt.request().tenant() + "/" + prompt.request().user(),
              prompt.cacheScope(),
              prompt.messages(),
              prompt.request().sampling(),
              resume(shown),
              alone,
              prompt.request().lane()));
      return true;
    } catch (RuntimeException e) {
      LOG.error("the engine did not take request {}", id, e);
      return false;
    }
  }

  private void onSubmitted(String id, boolean taken) {
    submitting.remove(id);
    if (stopped.remove(id)) {
      engine.cancel(id);
    }
    if (!taken) {
      refused.accept(
          new EngineOutput.Ended(id, EndReason.ENGINE, Usage.NONE, "the engine did not take it"));
    }
  }

  private static Resume resume(List<Delta> shown) {
    StringBuilder text = new StringBuilder();
    shown.forEach(delta -> text.append(delta.text()));
    return new Resume(
        shown.stream().flatMap(delta -> delta.ids().stream()).toList(), text.toString());
  }
}
