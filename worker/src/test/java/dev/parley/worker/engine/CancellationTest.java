package dev.parley.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.shared.wire.ChatMessage;
import dev.parley.shared.wire.EndReason;
import dev.parley.shared.wire.Sampling;
import dev.parley.worker.engine.CancellingModel.Moment;
import dev.parley.worker.schedule.ScheduleLimits;
import dev.parley.worker.schedule.StepPlan;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Two hundred requests cancelled, evenly over everything that can be under way with one, among forty that are not.
class CancellationTest {
  private static final int SLOTS = 4;
  private static final int CANCELLED = 200;
  private static final int SURVIVORS = 40;
  private static final Sampling SAMPLING = Sampling.greedy(900);
  private static final long PREFIX_BYTES = 16 << 10;

  /// A chunk of prompt a step, so that three of them are three steps.
  private static final EngineSettings SETTINGS =
      EngineSettings.DEFAULT
          .change()
          .stepTokens(SLOTS + ScheduleLimits.CHUNK_TOKENS)
          .prefixCacheBytes(PREFIX_BYTES)
          .maxWaiting(CANCELLED + SURVIVORS)
          .build();

  private final EngineProbe probe = new EngineProbe();

  /// Those that have to make way come first, so that there is somebody to make way for.
  private static Map<String, Moment> moments(Random random) {
    Map<String, Moment> moments = new HashMap<>();
    for (int i = 0; i < CANCELLED; i++) {
      moments.put("c" + i, Moment.of(i));
    }
    for (int i = 0; i < SURVIVORS; i++) {
      moments.put("s" + i, Moment.NEVER);
    }
    List<String> ids = new ArrayList<>(moments.keySet().stream().sorted().toList());
    Collections.shuffle(ids, random);
    ids.sort(Comparator.comparing(id -> !moment(moments, id).makesWay()));
    Map<String, Moment> ordered = new LinkedHashMap<>();
    ids.forEach(id -> ordered.put(id, moment(moments, id)));
    return ordered;
  }

  private static Moment moment(Map<String, Moment> moments, String id) {
    return moments.getOrDefault(id, Moment.NEVER);
  }

  private static List<ChatMessage> question(String id, Moment moment, int number) {
    int words = moment.makesWay() ? 700 : 40 + number % 50;
    String padding = moment.inPrompt() ? " and so on".repeat(70 + number % 20) : "";
    return List.of(ChatMessage.user(id + " wants " + words + " words" + padding));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void cancelled_requests_leave_within_a_step_and_nothing_behind(long seed) {
    Map<String, Moment> moments = moments(new Random(seed));
    Map<String, List<ChatMessage>> questions = new LinkedHashMap<>();
    moments.forEach((id, moment) -> questions.put(id, question(id, moment, questions.size())));
    FakeModel fake = new FakeModel(new FakeEngine.Options(SLOTS, 1024, 1e9, 1e9));
    CancellingModel model = new CancellingModel(fake, moments);
    try (Engine engine = BatchingEngine.start(model, SETTINGS, probe)) {
      questions.forEach((id, question) -> engine.submit(EngineRequest.of(id, question, SAMPLING)));
      model.go(engine);
      moments.forEach((id, moment) ->
          assertThat(probe.awaitEnd(id).reason())
              .as("%s at %s", id, moment)
              .isEqualTo(
                  moment == Moment.NEVER || moment == Moment.FINISHING
                      ? EndReason.STOP
                      : EndReason.CANCELLED));
      await().until(() -> engine.load().equals(new EngineLoad(SLOTS, 0, 0)));

      assertThat(model.cancelledIn()).hasSize(CANCELLED);
      assertGoneAfter(engine.steps().recent(), model.cancelledIn());
      questions.forEach((id, question) -> {
        if (moment(moments, id) == Moment.NEVER) {
          assertWhole(id, question);
        }
      });
      // Only snapshots are left, within their bound; and every slot can be used.
      assertThat(model.savedBytes()).isLessThanOrEqualTo(PREFIX_BYTES);
      for (int i = 0; i < 2 * SLOTS; i++) {
        List<ChatMessage> question = question("after" + i, Moment.NEVER, i);
        engine.submit(EngineRequest.of("after" + i, question, SAMPLING));
      }
      for (int i = 0; i < 2 * SLOTS; i++) {
        probe.awaitEnd("after" + i);
        assertWhole("after" + i, question("after" + i, Moment.NEVER, i));
      }
    }
    assertThat(model.savedCaches()).isZero();
    assertThat(model.savedBytes()).isZero();
    assertThat(probe.broken()).isEmpty();
  }

  private void assertWhole(String id, List<ChatMessage> question) {
    assertThat(probe.text(id)).isEqualTo(FakeEngine.expectedText(question, SAMPLING));
  }

  /// The step under way may end; the next one knows nothing of the request.
  private static void assertGoneAfter(List<StepRecord> steps, Map<String, Long> cancelledIn) {
    assertThat(steps.getFirst().step()).isOne();
    for (StepRecord step : steps) {
      StepPlan plan = step.plan();
      Stream.of(
              plan.rows().stream().map(StepPlan.Row::id),
              plan.chunks().stream().map(StepPlan.Chunk::id),
              plan.caches().stream().map(StepPlan.CacheMove::id))
          .flatMap(ids -> ids)
          .filter(cancelledIn::containsKey)
          .forEach(id ->
              assertThat(cancelledIn.get(id))
                  .as("%s is in step %s", id, step.line())
                  .isGreaterThanOrEqualTo(step.step()));
    }
  }
}
