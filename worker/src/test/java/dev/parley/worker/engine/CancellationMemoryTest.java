package dev.parley.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.shared.wire.ChatMessage;
import dev.parley.shared.wire.Sampling;
import dev.parley.shared.wire.TokenRules;
import dev.parley.worker.engine.CancellingModel.Moment;
import dev.parley.worker.llama.ContextOptions;
import dev.parley.worker.llama.KvType;
import dev.parley.worker.llama.TestModel;
import dev.parley.worker.model.LlamaTokenModel;
import dev.parley.worker.model.TokenModel;
import dev.parley.worker.schedule.ScheduleLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What requests leave in the process's memory that were cancelled at every moment of their lives on the real
/// library and model: nothing. (`CancellationTest` counts what they hold, on the made-up model.)
class CancellationMemoryTest {
  private static final int SLOTS = 4;
  private static final int WARM_UP = 40;
  private static final int MEASURED = 40;
  private static final int THREE_CHUNKS = 2 * ScheduleLimits.CHUNK_TOKENS + 8;
  private static final double GROWTH = 1.02;

  /// More than the test's heap.
  private static final int GARBAGE_MIB = 1024;

  /// Snapshots of a few hundred tokens: they are full after the warm-up.
  private static final EngineSettings SETTINGS =
      EngineSettings.DEFAULT
          .change()
          .stepTokens(SLOTS + ScheduleLimits.CHUNK_TOKENS)
          .prefixCacheBytes(8 << 20)
          .maxWaiting(WARM_UP + MEASURED)
          .build();

  private final EngineProbe probe = new EngineProbe();

  @Test
  void requests_cancelled_later_take_no_more_memory_than_the_first() throws IOException {
    Map<String, Moment> moments = new LinkedHashMap<>();
    for (int i = 0; i < WARM_UP + MEASURED; i++) {
      moments.put("c" + i, Moment.of(i));
    }
    List<String> ids = List.copyOf(moments.keySet());
    CancellingModel model = new CancellingModel(model(), moments);
    try (Engine engine = BatchingEngine.start(model, SETTINGS, probe)) {
      run(engine, model, moments, ids.subList(0, WARM_UP));
      long before = residentKib();
      run(engine, model, moments, ids.subList(WARM_UP, ids.size()));
      assertThat(residentKib()).isLessThanOrEqualTo(Math.round(before * GROWTH));
      assertThat(model.cancelledIn()).hasSize(ids.size());
    }
    assertThat(model.savedCaches()).isZero();
  }

  private void run(
      Engine engine, CancellingModel model, Map<String, Moment> moments, List<String> some) {
    List<String> ids = new ArrayList<>(some);
    ids.sort(Comparator.comparing(id -> !moments.getOrDefault(id, Moment.NEVER).makesWay()));
    model.pause();
    for (String id : ids) {
      Moment moment = moments.getOrDefault(id, Moment.NEVER);
      int prompt = moment.inPrompt() ? THREE_CHUNKS : CancellingModel.MARK + 4;
      int answer = moment.makesWay() ? 400 : 24;
      Sampling whole =
          Sampling.greedy(answer).change().rules(new TokenRules(Map.of(), answer, 0)).build();
      engine.submit(EngineRequest.of(id, List.of(ChatMessage.user(id + " " + prompt)), whole));
    }
    model.go(engine);
    ids.forEach(probe::awaitEnd);
  }

  /// The real model; a message is its request's id and how many tokens the prompt shall have.
  private static TokenModel model() {
    ContextOptions options =
        new ContextOptions(SLOTS, 512, SETTINGS.batchTokens(SLOTS), TestModel.THREADS, KvType.F16);
    return new ForwardingModel(
        LlamaTokenModel.open(TestModel.libraries(), TestModel.file(), options)) {
      @Override
      public int[] prompt(List<ChatMessage> messages) {
        String[] words = messages.getFirst().content().split(" ", 2);
        int number = Integer.parseInt(words[0].substring(1));
        return IntStream.range(0, Integer.parseInt(words[1]))
            .map(i -> i == 0 ? 1000 + number : 2000 + i)
            .toArray();
      }
    };
  }

  /// `VmRSS`, with all of the Java heap's young generation in it: else its first use would look like growth.
  private static long residentKib() throws IOException {
    byte[] garbage = {};
    for (int i = 0; i < GARBAGE_MIB; i++) {
      garbage = new byte[(1 << 20) + garbage.length % 2];
    }
    System.gc();
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }
}
