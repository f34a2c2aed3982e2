package dev.parley.worker.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.worker.schedule.StepPlan.CacheMove.In;
import dev.parley.worker.schedule.StepPlan.CacheMove.Out;
import dev.parley.worker.schedule.StepPlan.CacheMove.ToSlot;
import dev.parley.worker.schedule.StepPlan.Chunk;
import dev.parley.worker.schedule.StepPlan.Row;
import java.util.List;
import org.junit.jupiter.api.Test;

class SchedulerTest {
  private static final long DECODE_NANOS = 20_000_000;
  private static final long CHUNK_NANOS = 60_000_000;

  private final Scheduler scheduler =
      new Scheduler(new ScheduleLimits(4, 1000, 260, 100, 100_000_000, 2_000));
  private long now;

  private StepPlan step() {
    StepPlan plan = scheduler.plan(now);
    int chunks = plan.chunks().stream().mapToInt(c -> Math.ceilDiv(c.tokens(), 64)).sum();
    StepTimes times = new StepTimes(plan.rows().isEmpty() ? 0 : DECODE_NANOS, chunks * CHUNK_NANOS);
    now += times.decodeNanos() + times.prefillNanos();
    scheduler.done(plan, times);
    scheduler.verify();
    return plan;
  }

  private void steps(int count) {
    for (int i = 0; i < count; i++) {
      step();
    }
  }

  private void submit(String id, int promptTokens) {
    submit(id, "", promptTokens);
  }

  private void submit(String id, String user, int promptTokens) {
    scheduler.submit(new SequenceRequest(id, user, promptTokens, false, false), now);
  }

  private List<String> running() {
    return step().rows().stream().map(Row::id).sorted().toList();
  }

  @Test
  void nothing_to_do_is_an_empty_plan() {
    assertThat(step().isEmpty()).isTrue();
  }

  @Test
  void a_prompt_is_computed_in_whole_tiles_and_before_them_what_fills_none() {
    submit("a", 300);
    assertThat(step().chunks()).containsExactly(new Chunk("a", 0, 0, 236, false));
    assertThat(step().chunks()).containsExactly(new Chunk("a", 0, 236, 64, true));
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
    assertThat(plan.chunks()).containsExactly(new Chunk("b", 1, 0, 22, false));
    step();
    assertThat(step().chunks()).containsExactly(new Chunk("b", 1, 86, 64, true));
    assertThat(step().rows()).containsExactly(new Row("a", 0, 13), new Row("b", 1, 150));
  }

  @Test
  void short_prompts_share_a_step_the_shortest_first() {
    submit("a", 300);
    submit("b", 100);
    submit("c", 60);
    submit("d", 60);
    assertThat(step().chunks())
        .containsExactly(
            new Chunk("c", 0, 0, 60, true),
            new Chunk("d", 1, 0, 60, true),
            new Chunk("b", 2, 0, 100, true));
  }

  @Test
  void a_shorter_prompt_overtakes_a_longer_one_and_takes_its_slot_when_it_decodes() {
    submit("a", 5);
    step();
    submit("long", 600);
    step();
    submit("short", 60);
    assertThat(step().chunks()).containsExactly(new Chunk("short", 2, 0, 60, true));
    StepPlan plan = step();
    assertThat(plan.caches()).containsExactly(new ToSlot("long", 1, 3), new ToSlot("short", 2, 1));
    assertThat(plan.rows()).extracting(Row::id).containsExactly("a", "short");
  }

  @Test
  void a_long_prompt_is_overtaken_only_for_so_long() {
    submit("long", 600);
    for (int i = 0; now < Precedence.PATIENCE.toNanos(); i++) {
      submit("s" + i, 200);
      assertThat(step().chunks()).extracting(Chunk::id).doesNotContain("long");
      scheduler.end("s" + i);
    }
    submit("another", 200);
    assertThat(step().chunks()).extracting(Chunk::id).containsExactly("long");
  }

  @Test
  void what_the_target_leaves_over_is_for_prompts() {
    Scheduler roomy = new Scheduler(new ScheduleLimits(4, 1000, 260, 100, 250_000_000, 0));
    roomy.submit(SequenceRequest.of("a", 64), now);
    StepPlan first = roomy.plan(now);
    roomy.done(first, new StepTimes(0, CHUNK_NANOS));
    roomy.submit(SequenceRequest.of("b", 896), now);
    StepPlan second = roomy.plan(now);
    assertThat(second.chunks().getFirst().tokens()).isEqualTo(256);
    roomy.done(second, new StepTimes(DECODE_NANOS, 4 * 70_000_000L));
    // 230 ms are left for chunks of 63 ms.
    assertThat(roomy.plan(now).chunks().getFirst().tokens()).isEqualTo(192);
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
    assertThat(plan.caches()).containsExactly(new ToSlot("d", 3, 1));
    assertThat(plan.rows()).extracting(Row::id).containsExactly("a", "d", "c");
  }

  @Test
  void the_last_slot_leaves_no_hole() {
    submit("a", 5);
    submit("b", 5);
    step();
    scheduler.end("b");
    assertThat(step().caches()).isEmpty();
  }

  @Test
  void an_unfinished_prompt_stays_where_it_is_until_it_decodes() {
    submit("a", 5);
    submit("b", 5);
    step();
    submit("c", 120);
    step();
    scheduler.end("a");
    assertThat(step().caches()).containsExactly(new ToSlot("b", 1, 0));
    assertThat(step().caches()).containsExactly(new ToSlot("c", 2, 1));
  }

  @Test
  void a_new_sequence_takes_the_slot_of_the_one_that_has_said_most() {
    submit("a", 5);
    step();
    steps(10);
    List.of("b", "c", "d").forEach(id -> submit(id, 5));
    steps(40);
    submit("new", 5);
    StepPlan plan = step();
    assertThat(plan.caches()).containsExactly(new Out("a", 0), new ToSlot("d", 3, 0));
    assertThat(plan.chunks()).containsExactly(new Chunk("new", 3, 0, 5, true));
    assertThat(running()).containsExactly("b", "c", "d", "new");
    assertThat(scheduler.swapped()).isOne();
    scheduler.end("c");
    assertThat(step().caches()).contains(new In("a", 2));
    assertThat(running()).containsExactly("a", "b", "d", "new");
  }

  @Test
  void all_who_made_way_come_back_in_one_step_when_slots_are_free() {
    List.of("a", "b", "c", "d").forEach(id -> submit(id, 5));
    steps(40);
    List.of("e", "f", "g").forEach(id -> submit(id, 5));
    steps(10);
    assertThat(running()).containsExactly("a", "e", "f", "g");
    List.of("e", "f", "g").forEach(scheduler::end);
    assertThat(step().caches()).filteredOn(In.class::isInstance).hasSize(3);
    assertThat(running()).containsExactly("a", "b", "c", "d");
  }

  @Test
  void nobody_makes_way_in_its_first_words() {
    List.of("a", "b", "c", "d").forEach(id -> submit(id, 5));
    step();
    submit("new", 5);
    for (int i = 0; i < Precedence.FIRST_WORDS; i++) {
      assertThat(running()).containsExactly("a", "b", "c", "d");
    }
    assertThat(running()).hasSize(3);
  }

  @Test
  void nobody_makes_way_when_host_memory_is_full() {
    List.of("a", "b", "c", "d").forEach(id -> submit(id, 900));
    steps(60);
    List.of("new", "newer", "newest").forEach(id -> submit(id, 5));
    steps(Precedence.FIRST_WORDS / 2);
    assertThat(scheduler.swapped()).isEqualTo(2);
  }

  @Test
  void a_user_with_all_the_slots_makes_way_for_others_however_new_his_own_wait() {
    for (int i = 0; i < 20; i++) {
      submit("h" + i, "heavy", 5);
    }
    steps(40);
    submit("l1", "light", 5);
    submit("m1", "other", 5);
    steps(3);
    assertThat(running()).contains("l1", "m1").hasSize(4);
  }

  @Test
  void one_that_nobody_waits_for_comes_later() {
    scheduler.submit(new SequenceRequest("notes", "u", 5, true, false), now);
    submit("chat", "u", 500);
    assertThat(step().chunks()).extracting(Chunk::id).containsExactly("chat");
  }

  @Test
  void a_sequence_alone_waits_for_an_empty_engine_and_lets_nobody_in() {
    submit("a", 5);
    scheduler.submit(new SequenceRequest("suspect", "", 5, false, true), now);
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
    StepPlan plan = scheduler.plan(now);
    assertThatThrownBy(() -> submit("b", 1)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> scheduler.plan(now)).isInstanceOf(IllegalStateException.class);
    scheduler.done(plan, StepTimes.NONE);
  }

  @Test
  void limits_that_contradict_each_other_are_refused() {
    assertThatThrownBy(() -> new ScheduleLimits(4, 100, 66, 1, 1, 0)).hasMessageContaining("66");
    assertThatThrownBy(() -> new ScheduleLimits(4, 100, 68, 1, 0, 0))
        .hasMessageContaining("target");
  }
}
