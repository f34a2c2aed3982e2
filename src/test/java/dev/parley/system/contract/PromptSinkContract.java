package dev.parley.system.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.gateway.dispatch.ProduceResult;
import dev.parley.shared.wire.Lane;
import dev.parley.worker.intake.AckResult;
import dev.parley.worker.intake.HeldRecord;
import dev.parley.worker.intake.PromptHolder;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a gateway may rely on when it puts a prompt into the queue.
abstract class PromptSinkContract {
  private static final byte[] VALUE = "value".getBytes(UTF_8);

  private QueueBench bench;
  private PromptHolder holder;

  abstract QueueBench newBench() throws IOException;

  @BeforeEach
  void start() throws IOException {
    bench = newBench();
    holder = bench.source().open(Lane.INTERACTIVE, "reader");
  }

  @AfterEach
  void stop() throws IOException {
    holder.close();
    bench.close();
  }

  @Test
  void a_produced_prompt_is_in_the_queue() throws Exception {
    assertThat(produce("c/1", VALUE)).isEqualTo(ProduceResult.PRODUCED);
    HeldRecord record = take();
    assertThat(record.key()).isEqualTo("c/1");
    assertThat(record.value()).isEqualTo(VALUE);
  }

  @Test
  void a_prompt_produced_twice_is_in_the_queue_twice() throws Exception {
    assertThat(produce("c/1", VALUE)).isEqualTo(ProduceResult.PRODUCED);
    assertThat(produce("c/1", VALUE)).isEqualTo(ProduceResult.PRODUCED);
    assertThat(take().key()).isEqualTo("c/1");
    assertThat(holder.accept()).isEqualTo(AckResult.CONFIRMED);
    assertThat(take().key()).isEqualTo("c/1");
  }

  @Test
  void a_prompt_near_the_size_limit_is_taken_and_one_over_it_refused() throws Exception {
    byte[] near = new byte[QueueBench.MAX_RECORD_BYTES - 1_024];
    assertThat(produce("c/1", near)).isEqualTo(ProduceResult.PRODUCED);
    byte[] over = new byte[QueueBench.MAX_RECORD_BYTES + 1];
    assertThat(produce("c/2", over)).isEqualTo(ProduceResult.REFUSED);
    assertThat(take().value()).hasSize(near.length);
  }

  @Test
  void without_a_broker_the_result_is_unknown_and_the_same_sink_goes_on_after_it()
      throws Exception {
    assertThat(produce("c/1", VALUE)).isEqualTo(ProduceResult.PRODUCED);
    bench.stopBroker();
    assertThat(produce("c/2", VALUE)).isEqualTo(ProduceResult.UNKNOWN);
    bench.startBroker();
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> produce("c/3", VALUE) == ProduceResult.PRODUCED);
  }

  @Test
  void a_closed_sink_answers_that_it_does_not_know() throws Exception {
    bench.sink().close();
    assertThat(produce("c/1", VALUE)).isEqualTo(ProduceResult.UNKNOWN);
  }

  private ProduceResult produce(String key, byte[] value) throws Exception {
    return bench.sink().produce(Lane.INTERACTIVE, key, value).get(60, TimeUnit.SECONDS);
  }

  private HeldRecord take() {
    return await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> holder.poll(Duration.ofMillis(100)), Optional::isPresent)
        .orElseThrow();
  }
}
