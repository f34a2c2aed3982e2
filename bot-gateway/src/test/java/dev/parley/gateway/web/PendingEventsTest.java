package dev.parley.gateway.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.gateway.chat.TurnEvent;
import dev.parley.gateway.chat.TurnListener;
import dev.parley.gateway.web.PendingEvents.Next;
import dev.parley.shared.wire.EndReason;
import dev.parley.shared.wire.TokenLogprob;
import dev.parley.shared.wire.Usage;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class PendingEventsTest {
  private static final TurnEvent.Ended END =
      new TurnEvent.Ended(EndReason.STOP, "all", Usage.NONE, "");
  private final PendingEvents events = new PendingEvents(2, 10);

  private final TurnListener first = events.listener(0);
  private final TurnListener second = events.listener(1);

  private Next next() throws InterruptedException {
    return events.next(Duration.ZERO);
  }

  @Test
  void nothing_pending_is_idle() throws Exception {
    assertThat(next()).isEqualTo(new Next.Idle());
  }

  @Test
  void text_that_was_not_taken_is_joined_and_only_the_last_position_counts() throws Exception {
    first.onEvent(new TurnEvent.Position(2));
    first.onEvent(new TurnEvent.Position(1));
    first.onEvent(new TurnEvent.Text("ab", 0));
    first.onEvent(new TurnEvent.Text("c", 2));
    first.onEvent(END);
    assertThat(next()).isEqualTo(new Next.Event(0, new TurnEvent.Position(1)));
    assertThat(next()).isEqualTo(new Next.Event(0, new TurnEvent.Text("abc", 0)));
    assertThat(next()).isEqualTo(new Next.Event(0, END));
    assertThat(next()).isEqualTo(new Next.Idle());
  }

  @Test
  void a_restart_voids_the_text_before_it() throws Exception {
    first.onEvent(new TurnEvent.Text("old", 0));
    first.onEvent(new TurnEvent.Restarted("new"));
    first.onEvent(new TurnEvent.Text("er", 3));
    assertThat(next()).isEqualTo(new Next.Event(0, new TurnEvent.Restarted("new")));
    assertThat(next()).isEqualTo(new Next.Event(0, new TurnEvent.Text("er", 3)));
  }

  @Test
  void text_beyond_the_bound_or_with_a_hole_is_dropped_for_a_resync() throws Exception {
    first.onEvent(new TurnEvent.Text("123456789", 0));
    first.onEvent(new TurnEvent.Text("0123", 9));
    first.onEvent(new TurnEvent.Text("4", 13));
    assertThat(next()).isEqualTo(new Next.Resync(0));
    first.onEvent(new TurnEvent.Text("5", 14));
    first.onEvent(new TurnEvent.Text("7", 16));
    assertThat(next()).isEqualTo(new Next.Resync(0));
    assertThat(next()).isEqualTo(new Next.Idle());
  }

  @Test
  void two_turns_are_served_in_turn_and_merged_apart() throws Exception {
    first.onEvent(new TurnEvent.Text("a", 0));
    second.onEvent(new TurnEvent.Text("x", 0));
    assertThat(next()).isEqualTo(new Next.Event(0, new TurnEvent.Text("a", 0)));
    first.onEvent(new TurnEvent.Text("b", 1));
    second.onEvent(new TurnEvent.Text("y", 1));
    assertThat(next()).isEqualTo(new Next.Event(1, new TurnEvent.Text("xy", 0)));
    second.onEvent(END);
    assertThat(next()).isEqualTo(new Next.Event(0, new TurnEvent.Text("b", 1)));
    assertThat(next()).isEqualTo(new Next.Event(1, END));
    assertThat(next()).isEqualTo(new Next.Idle());
  }

  @Test
  void logprobs_are_joined_and_stay_when_text_is_dropped() throws Exception {
    first.onEvent(new TurnEvent.Text("1234567890", 0, List.of(logprob("a"))));
    first.onEvent(new TurnEvent.Text("1", 10, List.of(logprob("b"))));
    first.onEvent(new TurnEvent.Text("2", 11, List.of(logprob("c"))));
    assertThat(next())
        .isEqualTo(
            new Next.Event(
                0, new TurnEvent.Text("", 0, List.of(logprob("a"), logprob("b"), logprob("c")))));
    assertThat(next()).isEqualTo(new Next.Resync(0));
    first.onEvent(new TurnEvent.Text("", 12, List.of(logprob("d"))));
    first.onEvent(new TurnEvent.Restarted("x", List.of(logprob("x"))));
    assertThat(next())
        .isEqualTo(new Next.Event(0, new TurnEvent.Restarted("x", List.of(logprob("x")))));
    assertThat(next()).isEqualTo(new Next.Idle());
  }

  private static TokenLogprob logprob(String token) {
    return new TokenLogprob(token.chars().boxed().toList(), -1, List.of());
  }

  @Test
  void a_client_that_is_gone_gets_nothing_more() throws Exception {
    first.onEvent(new TurnEvent.Text("a", 0));
    events.clientGone();
    assertThat(next()).isEqualTo(new Next.ClientGone());
    assertThat(next()).isEqualTo(new Next.ClientGone());
  }

  @Test
  void a_waiting_connection_is_woken_by_an_event() throws Exception {
    Thread producer = Thread.ofVirtual().start(() -> first.onEvent(END));
    assertThat(events.next(Duration.ofMinutes(1))).isEqualTo(new Next.Event(0, END));
    producer.join();
  }
}
