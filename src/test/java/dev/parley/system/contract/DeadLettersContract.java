package dev.parley.system.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.gateway.dispatch.DeadLetterHandler;
import dev.parley.gateway.dispatch.ProduceResult;
import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.wire.Lane;
import dev.parley.worker.intake.AckResult;
import dev.parley.worker.intake.PromptHolder;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a gateway may rely on in the prompts that the queue gave up on.
abstract class DeadLettersContract {
  private static final Duration LONG = Duration.ofSeconds(60);

  private final List<String> handled = new CopyOnWriteArrayList<>();
  private QueueBench bench;
  private PromptHolder holder;

  abstract QueueBench newBench() throws IOException;

  @BeforeEach
  void start() throws IOException {
    bench = newBench();
    holder = bench.source().open(Lane.INTERACTIVE, "rejecter");
  }

  @AfterEach
  void stop() throws IOException {
    holder.close();
    bench.close();
  }

  @Test
  void a_dead_letter_brings_turn_content_and_reason() {
    List<String> reasons = new CopyOnWriteArrayList<>();
    kill("c/1");
    DeadLetterHandler handler =
        (turn, value, reason) -> {
          reasons.add(reason);
          record(turn, value);
        };
    try (var reading = bench.deadLetters().read(handler)) {
      assertThat(reading).isNotNull();
      awaitHandled("c/1=text of c/1");
      assertThat(reasons).singleElement().asString().isNotBlank();
    }
  }

  @Test
  void a_failing_handler_gets_the_same_letter_again_before_the_next() {
    AtomicInteger calls = new AtomicInteger();
    kill("c/1");
    kill("c/2");
    DeadLetterHandler handler =
        (turn, value, reason) -> {
          if (calls.incrementAndGet() <= 3) {
            throw new IllegalStateException("not yet");
          }
          record(turn, value);
        };
    try (var reading = bench.deadLetters().read(handler)) {
      assertThat(reading).isNotNull();
      awaitHandled("c/1=text of c/1", "c/2=text of c/2");
      assertThat(calls).hasValue(5);
    }
  }

  @Test
  void letters_that_name_no_turn_are_passed_over() {
    kill("no turn at all");
    kill("c/1");
    try (var reading = bench.deadLetters().read((turn, value, reason) -> record(turn, value))) {
      assertThat(reading).isNotNull();
      awaitHandled("c/1=text of c/1");
    }
  }

  @Test
  void the_next_reader_goes_on_where_the_last_one_stopped() {
    kill("c/1");
    try (var first = bench.deadLetters().read((turn, value, reason) -> record(turn, value))) {
      assertThat(first).isNotNull();
      awaitHandled("c/1=text of c/1");
    }
    kill("c/2");
    AtomicInteger refused = new AtomicInteger();
    DeadLetterHandler refuser =
        (turn, value, reason) -> {
          refused.incrementAndGet();
          throw new IllegalStateException("never");
        };
    try (var second = bench.deadLetters().read(refuser)) {
      assertThat(second).isNotNull();
      await().atMost(LONG).until(() -> refused.get() > 0);
    }
    try (var third = bench.deadLetters().read((turn, value, reason) -> record(turn, value))) {
      assertThat(third).isNotNull();
      awaitHandled("c/1=text of c/1", "c/2=text of c/2");
    }
  }

  private void record(TurnRef turn, byte[] value) {
    handled.add(turn + "=" + new String(value, UTF_8));
  }

  private void awaitHandled(String... expected) {
    await().atMost(LONG).until(() -> handled.size() >= expected.length);
    assertThat(handled).contains(expected).startsWith(expected[0]);
  }

  private void kill(String key) {
    byte[] value = ("text of " + key).getBytes(UTF_8);
    assertThat(bench.sink().produce(Lane.INTERACTIVE, key, value).join())
        .isEqualTo(ProduceResult.PRODUCED);
    await().atMost(LONG).until(() -> holder.poll(Duration.ofMillis(100)), Optional::isPresent);
    assertThat(holder.reject()).isEqualTo(AckResult.CONFIRMED);
  }
}
