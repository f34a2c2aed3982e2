package dev.parley.worker.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.shared.turn.TurnState;
import dev.parley.shared.turn.TurnView;
import dev.parley.shared.wire.EndReason;
import dev.parley.shared.wire.Lane;
import dev.parley.shared.wire.Prompt;
import dev.parley.shared.wire.WorkerLoad;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class IntakeTest {
  private static final int FAST = 2_000;
  private static final int SLOW = 20;

  private final World world = new World();

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void a_prompt_becomes_deltas_then_done_then_accepted() throws InterruptedException {
    World.Worker worker = world.worker("w1", 2, FAST);
    Prompt prompt = world.ask("t1", 40);
    TurnView done = world.awaitDone(prompt);
    assertThat(done.text()).isEqualTo(World.expected(prompt));
    assertThat(done.shownText()).isEqualTo(done.text());
    assertThat(done.end()).contains(EndReason.STOP);
    assertThat(done.deltas()).hasSizeGreaterThan(1);
    world.got(prompt);
    world.awaitNothingHeld(worker);
    worker.close();
    assertThat(world.queueHasRecord()).isFalse();
  }

  @Test
  void a_prompt_that_the_model_refuses_fails_with_what_is_wrong_with_it() {
    World.Worker worker = world.worker("w1", 2, FAST);
    Prompt prompt = world.askNothing("t1");
    TurnView failed = world.awaitTurn(prompt, turn -> turn.state() == TurnState.FAILED);
    assertThat(failed.end()).contains(EndReason.NO_MESSAGES);
    world.got(prompt);
    world.awaitNothingHeld(worker);
  }

  @Test
  void an_end_that_nobody_fetches_is_accepted_after_a_while() throws InterruptedException {
    World.Worker worker = world.worker("w1", 2, FAST);
    Prompt prompt = world.ask("t1", 5);
    world.awaitDone(prompt);
    world.awaitNothingHeld(worker);
    worker.close();
    assertThat(world.queueHasRecord()).isFalse();
  }

  @Test
  void more_prompts_than_slots_are_all_answered() {
    World.Worker worker = world.worker("w1", 2, FAST);
    List<Prompt> prompts =
        IntStream.range(0, 12).mapToObj(i -> world.ask("t" + i, 10 + i)).toList();
    for (Prompt prompt : prompts) {
      assertThat(world.awaitDone(prompt).text()).isEqualTo(World.expected(prompt));
    }
    world.awaitNothingHeld(worker);
  }

  @Test
  void another_worker_continues_what_a_dead_one_began() {
    World.Worker first = world.worker("w1", 1, SLOW);
    Prompt prompt = world.ask("t1", 60);
    TurnView half = world.awaitTurn(prompt, turn -> turn.deltas().size() >= 5);
    first.die();
    world.worker("w2", 1, FAST);
    TurnView done = world.awaitDone(prompt);
    assertThat(done.text()).isEqualTo(World.expected(prompt)).startsWith(half.shownText());
    assertThat(done.restarts()).isZero();
    assertThat(done.starts()).isEqualTo(2);
    assertThat(world.counted("parley.turns.resumed")).isEqualTo(1);
  }

  @Test
  void a_drain_lets_a_short_answer_finish() throws InterruptedException {
    World.Worker worker = world.worker("w1", 1, FAST);
    Prompt prompt = world.ask("t1", 100);
    world.awaitTurn(prompt, turn -> turn.starts() == 1);
    worker.intake.drain(World.LONG);
    assertThat(world.view(prompt.ref()).text()).isEqualTo(World.expected(prompt));
    assertThat(worker.intake.load()).isEqualTo(new WorkerLoad(1, 0, 0, 0));
  }

  @Test
  void a_drain_hands_over_what_is_not_done_in_time() throws InterruptedException {
    World.Worker first = world.worker("w1", 1, SLOW);
    Prompt prompt = world.ask("t1", 80);
    world.awaitTurn(prompt, turn -> turn.deltas().size() >= 3);
    first.intake.drain(Duration.ofMillis(1));
    assertThat(world.view(prompt.ref()).state()).isEqualTo(TurnState.QUEUED);
    assertThat(world.view(prompt.ref()).yields()).isEqualTo(1);
    first.close();
    world.worker("w2", 1, FAST);
    TurnView done = world.awaitDone(prompt);
    assertThat(done.text()).isEqualTo(World.expected(prompt));
    assertThat(done.crashes()).isEqualTo(1);
  }

  @Test
  void garbage_is_rejected_and_the_holder_goes_on() throws InterruptedException {
    world.worker("w1", 1, FAST);
    world.queue.produce(Lane.INTERACTIVE, "web:x/t0", "not a prompt".getBytes(UTF_8));
    assertThat(world.queue.awaitDeadLetters(0, World.LONG))
        .singleElement()
        .satisfies(letter -> assertThat(letter.key()).isEqualTo("web:x/t0"));
    Prompt prompt = world.ask("t1", 5);
    assertThat(world.awaitDone(prompt).text()).isEqualTo(World.expected(prompt));
    await().atMost(World.LONG).until(() -> world.counted("parley.prompts.dead.lettered") == 1);
  }

  @Test
  void ten_seconds_without_redis_delay_an_answer_and_change_nothing() {
    World.Worker worker = world.worker("w1", 1, SLOW);
    Prompt prompt = world.ask("t1", 40);
    world.awaitTurn(prompt, turn -> turn.deltas().size() >= 3);
    world.store.setAway(true);
    int before = world.store.refused();
    await().atMost(World.LONG).until(() -> world.store.refused() > before + 3);
    world.tell(Duration.ofSeconds(10));
    await().atMost(World.LONG).until(() -> world.store.refused() > before + 8);
    world.store.setAway(false);
    TurnView done = world.awaitDone(prompt);
    assertThat(done.text()).isEqualTo(World.expected(prompt)).isEqualTo(done.shownText());
    assertThat(done.starts()).isEqualTo(1);
    world.awaitNothingHeld(worker);
  }

  @Test
  void an_emptied_redis_gets_the_running_turn_back() {
    world.worker("w1", 1, SLOW);
    Prompt prompt = world.ask("t1", 40);
    world.awaitTurn(prompt, turn -> turn.deltas().size() >= 3);
    world.store.with(fake -> {
      fake.wipe();
      return fake.openEpoch();
    });
    await().atMost(World.LONG).until(() -> world.counted("parley.turns.restored") == 1);
    assertThat(world.awaitDone(prompt).text()).isEqualTo(World.expected(prompt));
  }

  @Test
  void a_cancelled_turn_stops_the_engine() {
    World.Worker worker = world.worker("w1", 1, SLOW);
    Prompt prompt = world.ask("t1", 1_000);
    world.awaitTurn(prompt, turn -> turn.deltas().size() >= 3);
    world.store.with(fake -> fake.cancel(prompt.ref()));
    await().atMost(World.LONG).until(() -> worker.engine.load().running() == 0);
    world.awaitNothingHeld(worker);
    assertThat(world.view(prompt.ref()).state()).isEqualTo(TurnState.CANCELLED);
  }

  @Test
  void of_a_record_that_came_twice_one_runs_and_the_other_is_dropped() {
    World.Worker worker = world.worker("w1", 2, SLOW);
    Prompt prompt = world.ask("t1", 60);
    world.produce(prompt);
    await().atMost(World.LONG).until(() -> world.counted("parley.prompts.dropped") == 1);
    TurnView done = world.awaitDone(prompt);
    assertThat(done.text()).isEqualTo(World.expected(prompt));
    assertThat(done.starts()).isEqualTo(1);
    world.awaitNothingHeld(worker);
  }
}
