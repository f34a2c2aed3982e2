package dev.parley.worker.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.worker.schedule.StepPlan.Chunk;
import dev.parley.worker.schedule.StepPlan.Move;
import dev.parley.worker.schedule.StepPlan.Row;
import java.util.List;
import org.junit.jupiter.api.Test;

class SchedulerTest {
  private final Scheduler scheduler = new Scheduler(new ScheduleLimits(4, 1000, 260, 64, 100));

  private StepPlan step() {
    StepPlan plan = scheduler.plan();
    scheduler.done(plan);
    scheduler.verify();
    return plan;
  }

  private void submit(String id, int promptTokens) {
    scheduler.submit(id, promptTokens, false);
  }

  @Test
  void nothing_to_do_is_an_empty_plan() {
    assertThat(step().isEmpty()).isTrue();
  }

  @Test
  void a_prompt_is_computed_in_chunks_of_whole_tiles_and_a_rest() {
    submit("a", 300);
    assertThat(step().chunks()).containsExactly(new Chunk("a", 0, 0, 256, false));
    assertThat(step().chunks()).containsExactly(new Chunk("a", 0, 256, 44, true));
    assertThat(step().rows()).containsExactly(new Row("a", 0, 300));
    assertThat(step().rows()).containsExactly(new Row("a", 0, 301));
  }

  @Test
  void a_prompt_beside_a_running_sequence_gets_the_busy_chunk() {
    submit("a", 10);
    step();
    submit("b", 150);
    StepPlan plan = step();
    assertThat(plan.rows()).containsExactly(new Row("a", 0, 10));
    assertThat(plan.chunks()).containsExactly(new Chunk("b", 1, 0, 64, false));
    step();
    assertThat(step().chunks()).containsExactly(new Chunk("b", 1, 128, 22, true));
    assertThat(step().rows()).containsExactly(new Row("a", 0, 13), new Row("b", 1, 150));
  }

  @Test
  void short_prompts_share_a_step_in_order_of_arrival() {
    submit("a", 100);
    submit("b", 60);
    submit("c", 300);
    assertThat(step().chunks())
        .containsExactly(
            new Chunk("a", 0, 0, 100, true),
            new Chunk("b", 1, 0, 60, true),
            new Chunk("c", 2, 0, 64, false));
  }

  @Test
  void those_beyond_the_slots_wait_in_order() {
    for (String id : List.of("a", "b", "c", "d", "e", "f")) {
      submit(id, 5);
    }
    step();
    assertThat(scheduler.running()).isEqualTo(4);
    assertThat(scheduler.waiting()).isEqualTo(2);
    scheduler.end("c");
    assertThat(step().chunks()).extracting(Chunk::id).containsExactly("e");
  }

  @Test
  void the_highest_running_sequence_moves_into_a_hole() {
    for (String id : List.of("a", "b", "c", "d")) {
      submit(id, 5);
    }
    step();
    assertThat(scheduler.end("b")).hasValue(1);
    StepPlan plan = step();
    assertThat(plan.moves()).containsExactly(new Move("d", 3, 1));
    assertThat(plan.rows()).extracting(Row::id).containsExactly("a", "d", "c");
  }

  @Test
  void the_last_slot_leaves_no_hole() {
    submit("a", 5);
    submit("b", 5);
    step();
    scheduler.end("b");
    assertThat(step().moves()).isEmpty();
  }

  @Test
  void an_unfinished_prompt_follows_the_running_sequences_down() {
    submit("a", 5);
    submit("b", 5);
    submit("c", 500);
    step();
    scheduler.end("a");
    assertThat(step().moves()).containsExactly(new Move("b", 1, 0), new Move("c", 2, 1));
  }

  @Test
  void a_sequence_alone_waits_for_an_empty_engine_and_lets_nobody_in() {
    submit("a", 5);
    scheduler.submit("suspect", 5, true);
    submit("b", 5);
    step();
    assertThat(step().rows()).extracting(Row::id).containsExactly("a");
    scheduler.end("a");
    assertThat(step().chunks()).extracting(Chunk::id).containsExactly("suspect");
    assertThat(step().chunks()).isEmpty();
    scheduler.end("suspect");
    assertThat(step().chunks()).extracting(Chunk::id).containsExactly("b");
  }

  @Test
  void what_cannot_be_held_is_refused() {
    assertThatThrownBy(() -> submit("empty", 0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> submit("long", 1000)).isInstanceOf(IllegalArgumentException.class);
    submit("a", 1);
    assertThatThrownBy(() -> submit("a", 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> scheduler.end("b")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void nothing_changes_while_a_step_is_under_way() {
    submit("a", 1);
    StepPlan plan = scheduler.plan();
    assertThatThrownBy(() -> submit("b", 1)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(scheduler::plan).isInstanceOf(IllegalStateException.class);
    scheduler.done(plan);
  }

  @Test
  void limits_that_contradict_each_other_are_refused() {
    assertThatThrownBy(() -> new ScheduleLimits(4, 100, 66, 64, 1)).hasMessageContaining("66");
    assertThatThrownBy(() -> new ScheduleLimits(4, 100, 200, 63, 1)).hasMessageContaining("63");
  }
}
