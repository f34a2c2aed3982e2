package dev.parley.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.shared.wire.TokenLogprob;
import dev.parley.worker.engine.EngineOutput.Ended;
import dev.parley.worker.engine.EngineOutput.Restarted;
import dev.parley.worker.engine.EngineOutput.Tokens;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// Keeps what an engine puts out, by request, and checks on the way what must hold for every output.
public final class EngineProbe implements StepListener {
  private static final Duration WIDE = Duration.ofMinutes(2);

  /// What came of a request: tokens after a restart replace those before.
  static final class Outcome {
    final List<Integer> ids = new ArrayList<>();
    final List<TokenLogprob> logprobs = new ArrayList<>();
    final StringBuilder text = new StringBuilder();
    final List<Ended> ends = new ArrayList<>();
    int restarts;
    int pieces;
    int firstIndex = -1;
  }

  private final Map<String, Outcome> outcomes = new HashMap<>();
  private final Set<String> broken = new HashSet<>();

  @Override
  public synchronized void onStep(List<EngineOutput> outputs) {
    for (EngineOutput output : outputs) {
      Outcome outcome = outcomes.computeIfAbsent(output.id(), id -> new Outcome());
      if (!outcome.ends.isEmpty()) {
        broken.add(output.id() + " goes on after its end: " + output);
      }
      switch (output) {
        case Tokens tokens -> add(outcome, tokens);
        case Ended ended -> outcome.ends.add(ended);
        case Restarted restarted -> {
          outcome.restarts++;
          if (outcome.firstIndex >= 0) {
            broken.add(output.id() + " restarts after its first token");
          }
        }
      }
    }
    notifyAll();
  }

  private void add(Outcome outcome, Tokens tokens) {
    if (outcome.firstIndex < 0) {
      outcome.firstIndex = tokens.firstIndex();
    }
    if (tokens.firstIndex() != outcome.firstIndex + outcome.ids.size()) {
      broken.add(tokens + " leaves a gap after " + outcome.ids.size() + " tokens");
    }
    outcome.pieces++;
    outcome.ids.addAll(tokens.ids());
    outcome.logprobs.addAll(tokens.logprobs());
    outcome.text.append(tokens.text());
  }

  /// Forgets a request, so that its id can be used again.
  public synchronized void forget(String id) {
    outcomes.remove(id);
  }

  public Ended awaitEnd(String id) {
    await(() -> !outcome(id).ends.isEmpty());
    assertThat(ends(id)).hasSize(1);
    assertThat(broken()).isEmpty();
    return ends(id).getFirst();
  }

  /// Waits until the answer has grown so often.
  public void awaitPieces(String id, int count) {
    await(() -> outcome(id).pieces >= count);
  }

  private synchronized void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + WIDE.toNanos();
    while (!condition.getAsBoolean()) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      assertThat(left).as("milliseconds left to wait for the engine").isPositive();
      try {
        wait(left);
      } catch (InterruptedException e) {
        throw new IllegalStateException("interrupted while waiting for the engine", e);
      }
    }
  }

  public synchronized Set<String> broken() {
    return Set.copyOf(broken);
  }

  public synchronized List<Ended> ends(String id) {
    return List.copyOf(outcome(id).ends);
  }

  public synchronized List<Integer> ids(String id) {
    return List.copyOf(outcome(id).ids);
  }

  public synchronized List<TokenLogprob> logprobs(String id) {
    return List.copyOf(outcome(id).logprobs);
  }

  public synchronized String text(String id) {
    return outcome(id).text.toString();
  }

  public synchronized int restarts(String id) {
    return outcome(id).restarts;
  }

  private Outcome outcome(String id) {
    return outcomes.getOrDefault(id, new Outcome());
  }
}
