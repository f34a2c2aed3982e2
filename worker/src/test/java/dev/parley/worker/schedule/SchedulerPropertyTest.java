package dev.parley.worker.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.worker.schedule.StepPlan.CacheMove;
import dev.parley.worker.schedule.StepPlan.Chunk;
import dev.parley.worker.schedule.StepPlan.Row;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Random loads by seed: whatever is submitted, cancelled, finished, interrupted and failed, the promises of
/// [Scheduler] hold. Rows are dense and at most a step's, no token is computed twice or left out, and whoever is there
/// comes to an end while others go on arriving.
class SchedulerPropertyTest {
  private static final int RUNS = 100;
  private static final int STEPS = 120;

  /// Steps in which everybody is done who arrived before, however many come after: a slot's longest answers, one
  /// after the other, of all who may be held.
  private static final int PATIENCE_STEPS = 20_000;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void holds_its_promises(long seed) {
    for (int run = 0; run < RUNS; run++) {
      new Load(seed * RUNS + run).run();
    }
  }

  /// One random load, checked after every change.
  private static final class Load {
    private final long seed;
    private final Random random;
    private final ScheduleLimits limits;
    private final Scheduler scheduler;
    private final Map<String, Integer> cached = new HashMap<>();
    private final Map<String, Integer> prompts = new HashMap<>();
    private final Map<String, Integer> answers = new HashMap<>();
    private final Map<String, Integer> slots = new HashMap<>();
    private final Map<String, Integer> reusable = new HashMap<>();
    private final Set<String> host = new HashSet<>();
    private final Set<String> failed = new HashSet<>();
    private final Set<String> oldest = new HashSet<>();
    private int next;
    private long now;

    Load(long seed) {
      this.seed = seed;
      this.random = new Random(seed);
      int slotCount = 1 + random.nextInt(8);
      int step = slotCount + 64 + random.nextInt(300);
      this.limits =
          new ScheduleLimits(
              slotCount, 700, step, 40, 1 + random.nextInt(400_000_000), random.nextInt(3) * 900L);
      this.scheduler = new Scheduler(limits);
    }

    void run() {
      for (int i = 0; i < STEPS; i++) {
        arrive();
        cancel();
        step();
      }
      oldest.addAll(prompts.keySet());
      int patience = PATIENCE_STEPS;
      while (!oldest.isEmpty()) {
        arrive();
        step();
        assertThat(patience--).as("seed %d: somebody starves: %s", seed, oldest).isPositive();
      }
      while (!prompts.isEmpty()) {
        step();
        assertThat(patience--).as("seed %d: somebody is left: %s", seed, prompts).isPositive();
      }
      assertThat(scheduler.running() + scheduler.waiting()).isZero();
    }

    private void arrive() {
      while (random.nextInt(3) == 0 && scheduler.hasRoom()) {
        String id = "s" + next++;
        int prompt = 1 + random.nextInt(random.nextBoolean() ? 40 : 600);
        prompts.put(id, prompt);
        answers.put(id, 1 + random.nextInt(60));
        cached.put(id, 0);
        scheduler.submit(
            new SequenceRequest(
                id,
                "u" + random.nextInt(4),
                prompt,
                random.nextInt(8) == 0,
                random.nextInt(20) == 0),
            now);
        if (random.nextInt(3) == 0 && prompt > 1) {
          reusable.put(id, 1 + random.nextInt(prompt - 1));
          scheduler.reuse(id, of(reusable, id));
        }
        scheduler.verify();
      }
    }

    private void cancel() {
      if (random.nextInt(10) == 0 && !prompts.isEmpty()) {
        end(
            prompts.keySet().stream()
                .sorted()
                .skip(random.nextInt(prompts.size()))
                .findFirst()
                .get());
      }
    }

    private void end(String id) {
      scheduler.end(id);
      scheduler.verify();
      prompts.remove(id);
      slots.remove(id);
      host.remove(id);
      oldest.remove(id);
    }

    private void step() {
      StepPlan plan = scheduler.plan(now);
      plan.caches().forEach(this::checkMove);
      checkRows(plan);
      checkChunks(plan);
      assertThat(plan.tokens()).isLessThanOrEqualTo(limits.stepTokens());
      assertThat(plan.isEmpty()).as("seed %d: idle", seed).isEqualTo(prompts.isEmpty());
      StepTimes times = new StepTimes(random.nextInt(80_000_000), random.nextInt(300_000_000));
      now += times.decodeNanos() + times.prefillNanos();
      StepPlan done = someFail(plan);
      scheduler.done(done, times);
      count(done);
      scheduler.verify();
      failed.forEach(this::end);
      failed.clear();
      finish();
    }

    /// A call that fails costs its request; a chunk that is interrupted is planned again.
    private StepPlan someFail(StepPlan plan) {
      List<Row> rows = plan.rows().stream().filter(row -> !fails(row.id())).toList();
      List<Chunk> chunks =
          plan.chunks().stream()
              .filter(chunk -> random.nextInt(50) != 0 && !fails(chunk.id()))
              .toList();
      return new StepPlan(plan.caches(), rows, chunks);
    }

    private boolean fails(String id) {
      return random.nextInt(300) == 0 && failed.add(id);
    }

    private void count(StepPlan done) {
      done.rows().forEach(row -> cached.merge(row.id(), 1, Integer::sum));
      done.chunks().forEach(chunk -> cached.merge(chunk.id(), chunk.tokens(), Integer::sum));
    }

    /// Every cache is in one place, and goes into an empty one.
    private void checkMove(CacheMove move) {
      switch (move) {
        case CacheMove.ToSlot(String id, int from, int to) ->
            assertThat(slots.put(id, to)).isEqualTo(from);
        case CacheMove.Out(String id, int slot) -> {
          assertThat(slots.remove(id)).isEqualTo(slot);
          assertThat(host.add(id)).isTrue();
        }
        case CacheMove.In(String id, int slot) -> {
          assertThat(host.remove(id)).isTrue();
          assertThat(slots.put(id, slot)).isNull();
        }
        case CacheMove.Reuse(String id, int slot, int tokens) -> {
          assertThat(slots.put(id, slot)).isNull();
          assertThat(cached.put(id, tokens)).isZero();
          assertThat(reusable.remove(id)).isEqualTo(tokens);
        }
      }
      assertThat(slots.values()).as("seed %d: %s", seed, move).doesNotHaveDuplicates();
    }

    /// Dense, everybody who decodes, each at its own next position.
    private void checkRows(StepPlan plan) {
      List<Row> rows = plan.rows();
      assertThat(rows.stream().map(Row::slot))
          .isEqualTo(IntStream.range(0, rows.size()).boxed().toList());
      assertThat(rows.stream().map(Row::id))
          .containsExactlyInAnyOrderElementsOf(
              prompts.keySet().stream()
                  .filter(id -> of(cached, id) >= of(prompts, id) && !host.contains(id))
                  .toList());
      for (Row row : rows) {
        assertThat(slots.get(row.id())).isEqualTo(row.slot());
        assertThat(cached.get(row.id())).isEqualTo(row.position());
      }
    }

    /// Whole tiles are left, no token twice and none left out.
    private void checkChunks(StepPlan plan) {
      for (Chunk chunk : plan.chunks()) {
        slots.putIfAbsent(chunk.id(), chunk.slot());
        assertThat(slots.get(chunk.id())).isEqualTo(chunk.slot());
        assertThat(cached.get(chunk.id())).isEqualTo(chunk.from());
        int left = of(prompts, chunk.id()) - chunk.from();
        assertThat(chunk.last()).isEqualTo(chunk.tokens() == left);
        assertThat((left - chunk.tokens()) % ScheduleLimits.CHUNK_TOKENS).isZero();
      }
      assertThat(slots.values()).doesNotHaveDuplicates();
    }

    private static int of(Map<String, Integer> counts, String id) {
      return counts.getOrDefault(id, 0);
    }

    private void finish() {
      List.copyOf(prompts.keySet()).stream()
          .filter(id -> of(cached, id) >= of(prompts, id) + of(answers, id))
          .forEach(this::end);
    }
  }
}
