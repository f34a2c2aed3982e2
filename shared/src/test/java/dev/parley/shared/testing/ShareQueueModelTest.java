package dev.parley.shared.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.shared.testing.ShareQueueModel.Answer;
import dev.parley.shared.testing.ShareQueueModel.Delivery;
import dev.parley.shared.testing.ShareQueueModel.Limits;
import dev.parley.shared.testing.ShareQueueModel.Wish;
import dev.parley.shared.wire.Lane;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ShareQueueModelTest {
  private static final Lane LANE = Lane.INTERACTIVE;
  private static final long LOCK = 100;

  private final ShareQueueModel queue = new ShareQueueModel(new Limits(LOCK, 3, 4));

  @Test
  void a_lock_lapses_at_its_very_end_and_not_before() {
    produce("c/1", 0);
    assertThat(poll("a", 0)).hasValueSatisfying(d -> assertThat(d.deliveryCount()).isEqualTo(1));
    assertThat(queue.nextLapseMs()).hasValue(LOCK);
    assertThat(poll("b", LOCK - 1)).isEmpty();
    assertThat(poll("b", LOCK)).hasValueSatisfying(d -> assertThat(d.deliveryCount()).isEqualTo(2));
  }

  @Test
  void a_renewal_counts_from_when_it_was_made() {
    produce("c/1", 0);
    poll("a", 0);
    assertThat(acknowledge("a", 0, Wish.RENEW, 60)).isEqualTo(Answer.DONE);
    assertThat(poll("b", 159)).isEmpty();
    assertThat(poll("b", 160)).isPresent();
  }

  @Test
  void a_zombie_is_refused_while_its_record_waits_or_is_held_and_confirmed_after_it_is_finished() {
    produce("c/1", 0);
    poll("a", 0);
    assertThat(acknowledge("a", 0, Wish.ACCEPT, LOCK)).isEqualTo(Answer.INVALID_STATE);
    poll("b", LOCK);
    assertThat(acknowledge("a", 0, Wish.ACCEPT, LOCK)).isEqualTo(Answer.INVALID_STATE);
    assertThat(acknowledge("b", 0, Wish.ACCEPT, LOCK)).isEqualTo(Answer.DONE);
    assertThat(acknowledge("a", 0, Wish.ACCEPT, LOCK)).isEqualTo(Answer.DONE);
  }

  @Test
  void a_zombie_is_refused_after_the_finish_while_an_earlier_record_is_open() {
    produce("c/1", 0);
    produce("c/2", 0);
    poll("a", 0);
    poll("b", 0);
    acknowledge("a", 0, Wish.RENEW, 90);
    assertThat(poll("c", LOCK)).hasValueSatisfying(d -> assertThat(d.offset()).isEqualTo(1));
    acknowledge("c", 1, Wish.ACCEPT, LOCK);
    assertThat(acknowledge("b", 1, Wish.ACCEPT, LOCK)).isEqualTo(Answer.INVALID_STATE);
  }

  @Test
  void leaving_gives_everything_back_at_once() {
    produce("c/1", 0);
    poll("a", 0);
    queue.leave(LANE, "a", 1);
    assertThat(poll("b", 1)).hasValueSatisfying(d -> assertThat(d.deliveryCount()).isEqualTo(2));
  }

  @Test
  void the_last_delivery_that_fails_makes_a_dead_letter_with_key_and_value() {
    produce("c/1", 0);
    for (int i = 0; i < 3; i++) {
      assertThat(poll("a", i * LOCK)).isPresent();
    }
    assertThat(poll("a", 3 * LOCK)).isEmpty();
    assertThat(queue.deadLetters(0))
        .singleElement()
        .satisfies(letter -> {
          assertThat(letter.key()).isEqualTo("c/1");
          assertThat(letter.value()).asString(UTF_8).isEqualTo("text of c/1");
        });
    assertThat(queue.deadLetters(1)).isEmpty();
  }

  @Test
  void a_dead_letter_that_cannot_be_written_is_gone() {
    queue.setDeadLettersWritable(false);
    produce("c/1", 0);
    poll("a", 0);
    assertThat(acknowledge("a", 0, Wish.REJECT, 1)).isEqualTo(Answer.DONE);
    assertThat(queue.deadLetters(0)).isEmpty();
    assertThat(queue.waiting(LANE, 1)).isZero();
  }

  @Test
  void a_restart_frees_what_is_held_and_counts_only_what_was_given_back() {
    produce("c/1", 0);
    poll("a", 0);
    acknowledge("a", 0, Wish.RELEASE, 1);
    poll("a", 2);
    queue.restart(3);
    assertThat(acknowledge("a", 0, Wish.RENEW, 4)).isEqualTo(Answer.NO_SESSION);
    assertThat(acknowledge("a", 0, Wish.RENEW, 4)).isEqualTo(Answer.INVALID_STATE);
    assertThat(poll("b", 5)).hasValueSatisfying(d -> assertThat(d.deliveryCount()).isEqualTo(2));
  }

  @Test
  void a_stranded_record_is_seen_late_and_stale() {
    produce("c/1", 0);
    queue.strand(LANE, "a", 0);
    assertThat(poll("b", LOCK - 1)).isEmpty();
    assertThat(poll("b", LOCK)).hasValueSatisfying(d -> assertThat(d.deliveryCount()).isEqualTo(2));
    assertThat(poll("a", LOCK)).hasValueSatisfying(d -> assertThat(d.deliveryCount()).isEqualTo(1));
    assertThat(acknowledge("a", 0, Wish.ACCEPT, LOCK)).isEqualTo(Answer.INVALID_STATE);
  }

  @Test
  void a_lane_stalls_when_its_oldest_record_is_too_far_behind() {
    for (int i = 0; i < 5; i++) {
      produce("c/" + i, 0);
    }
    poll("a", 0);
    for (int i = 1; i < 4; i++) {
      poll("b", 0);
      acknowledge("b", i, Wish.ACCEPT, 0);
    }
    assertThat(poll("b", 0)).isEmpty();
    acknowledge("a", 0, Wish.ACCEPT, 1);
    assertThat(poll("b", 1)).hasValueSatisfying(d -> assertThat(d.offset()).isEqualTo(4));
  }

  @Test
  void records_may_be_taken_out_of_order() {
    produce("c/1", 0);
    produce("c/2", 0);
    assertThat(queue.poll(LANE, "a", 0, 1))
        .hasValueSatisfying(d -> assertThat(d.key()).isEqualTo("c/2"));
    assertThat(queue.poll(LANE, "b", 0, 7))
        .hasValueSatisfying(d -> assertThat(d.key()).isEqualTo("c/1"));
  }

  private void produce(String key, long nowMs) {
    queue.produce(LANE, key, ("text of " + key).getBytes(UTF_8), nowMs);
  }

  private Optional<Delivery> poll(String member, long nowMs) {
    return queue.poll(LANE, member, nowMs);
  }

  private Answer acknowledge(String member, long offset, Wish wish, long nowMs) {
    return queue.acknowledge(LANE, member, offset, wish, nowMs);
  }
}
