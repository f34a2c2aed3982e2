package dev.parley.gateway.reply;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class EditPacerTest {
  private static final SendRate CHAT = new SendRate(1_100, 3);
  private static final SendRate ALL = new SendRate(40, 3);
  private static final List<Urgency> URGENCIES = List.of(Urgency.values());

  private record Task(long atMs, long n, Runnable task) {}

  /// A call that left.
  private record Left(String chat, long atMs) {}

  private final PriorityQueue<Task> tasks =
      new PriorityQueue<>(Comparator.comparingLong(Task::atMs).thenComparingLong(Task::n));
  private final List<Left> left = new ArrayList<>();
  private boolean keepingUp = true;
  private final EditPacer pacer =
      new EditPacer(new LocalSendBudget(ALL, this::now), this::now, this::after, () -> keepingUp);
  private long now = 1_000_000;
  private long n;

  @Test
  void a_chat_at_rest_may_show_the_first_words_at_once_after_the_placeholder() {
    want("a", Urgency.PLACEHOLDER);
    want("a", Urgency.FIRST);

    run(0);

    assertThat(left).containsExactly(new Left("a", now), new Left("a", now));
  }

  @Test
  void further_words_come_at_the_chats_pace() {
    long start = now;
    writes("a", Urgency.MORE, 4);

    run(10_000);

    assertThat(left.stream().map(l -> l.atMs() - start))
        .containsExactly(0L, 1_100L, 2_200L, 3_300L);
  }

  @Test
  void the_end_does_not_wait_for_the_pace_of_the_edits() {
    want("a", Urgency.MORE);
    want("a", Urgency.MORE);
    want("a", Urgency.END);

    run(0);

    assertThat(left).hasSize(2);
  }

  @Test
  void a_call_that_becomes_urgent_while_it_waits_leaves_soon() {
    Urgency[] urgency = {Urgency.MORE};
    want("a", Urgency.MORE);
    pacer.whenFree("a", CHAT, () -> urgency[0], () -> left.add(new Left("a", now)));
    run(300);
    assertThat(left).hasSize(1);

    urgency[0] = Urgency.END;
    run(EditPacer.LOOK_MS);

    assertThat(left).hasSize(2);
  }

  @Test
  void a_chat_that_is_to_be_left_alone_stops_nobody_else() {
    pacer.hold("a", CHAT, 7_000);
    want("a", Urgency.END);
    want("b", Urgency.MORE);
    long start = now;

    run(6_999);
    assertThat(left).extracting(Left::chat).containsExactly("b");
    run(1);

    assertThat(left).last().isEqualTo(new Left("a", start + 7_000));
  }

  @Test
  void while_calls_are_held_up_on_their_way_no_other_leaves() {
    keepingUp = false;
    want("a", Urgency.END);
    run(1_000);
    assertThat(left).isEmpty();

    keepingUp = true;
    pacer.look();

    assertThat(left).hasSize(1);
  }

  @Test
  void when_there_is_not_enough_for_all_every_chat_gets_the_same_share() {
    IntStream.range(0, 200).forEach(i -> writes("chat" + i, Urgency.MORE, 1_000));

    run(60_000);

    List<Long> shares =
        IntStream.range(0, 200)
            .mapToObj(i -> left.stream().filter(l -> l.chat().equals("chat" + i)).count())
            .toList();
    // 1,500 calls for 200; the first in the queue may be a round ahead of the last.
    assertThat(shares).allMatch(share -> share >= 7 && share <= 9);
  }

  @Test
  void no_mix_of_calls_breaks_the_platforms_limits() {
    for (long seed = 0; seed < 20; seed++) {
      left.clear();
      SplittableRandom random = new SplittableRandom(seed);
      SendRate group = new SendRate(3_500, 3);
      for (int i = 0; i < 400; i++) {
        String chat = (random.nextBoolean() ? "g" : "p") + random.nextInt(30);
        Urgency urgency = URGENCIES.get(random.nextInt(URGENCIES.size()));
        SendRate rate = chat.startsWith("g") ? group : CHAT;
        after(
            random.nextLong(20_000),
            () -> pacer.whenFree(chat, rate, () -> urgency, () -> left.add(new Left(chat, now))));
      }

      run(300_000);

      assertThat(left).as("seed %s", seed).hasSize(400);
      assertThat(most(left, 1_000)).as("seed %s: all in a second", seed).isLessThanOrEqualTo(28);
      left.stream()
          .map(Left::chat)
          .distinct()
          .forEach(chat -> {
            List<Left> calls = left.stream().filter(l -> l.chat().equals(chat)).toList();
            assertThat(chat.startsWith("g") ? most(calls, 60_000) : 0).isLessThanOrEqualTo(20);
            assertThat(most(calls, 1_000)).isLessThanOrEqualTo(3);
          });
    }
  }

  /// Most calls in any window of that length.
  private static int most(List<Left> calls, long windowMs) {
    int most = 0;
    int first = 0;
    for (int i = 0; i < calls.size(); i++) {
      while (calls.get(i).atMs() - calls.get(first).atMs() >= windowMs) {
        first++;
      }
      most = Math.max(most, i - first + 1);
    }
    return most;
  }

  private void want(String chat, Urgency urgency) {
    pacer.whenFree(chat, CHAT, () -> urgency, () -> left.add(new Left(chat, now)));
  }

  /// One call after the other.
  private void writes(String chat, Urgency urgency, int calls) {
    if (calls > 0) {
      pacer.whenFree(
          chat,
          CHAT,
          () -> urgency,
          () -> {
            left.add(new Left(chat, now));
            writes(chat, urgency, calls - 1);
          });
    }
  }

  private long now() {
    return now;
  }

  private void after(long ms, Runnable task) {
    tasks.add(new Task(now + ms, n++, task));
  }

  private void run(long ms) {
    long until = now + ms;
    while (!tasks.isEmpty() && tasks.peek().atMs() <= until) {
      Task task = tasks.remove();
      now = task.atMs();
      task.task().run();
    }
    now = until;
  }
}
