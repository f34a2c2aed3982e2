package dev.parley.gateway.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.gateway.chat.TurnEvent;
import dev.parley.gateway.web.PendingEvents.Next;
import dev.parley.shared.wire.EndReason;
import dev.parley.shared.wire.Usage;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PendingEventsTest {
  private static final TurnEvent.Ended END =
      new TurnEvent.Ended(EndReason.STOP, "all", Usage.NONE, "");
  private final PendingEvents events = new PendingEvents(10);

  private Next next() throws InterruptedException {
    return events.next(Duration.ZERO);
  }

  @Test
  void nothing_pending_is_idle() throws Exception {
    assertThat(next()).isEqualTo(new Next.Idle());
  }

  @Test
  void text_that_was_not_taken_is_joined_and_only_the_last_position_counts() throws Exception {
    events.onEvent(new TurnEvent.Position(2));
    events.onEvent(new TurnEvent.Position(1));
    events.onEvent(new TurnEvent.Text("ab", 0));
    events.onEvent(new TurnEvent.Text("c", 2));
    events.onEvent(END);
    assertThat(next()).isEqualTo(new Next.Event(new TurnEvent.Position(1)));
    assertThat(next()).isEqualTo(new Next.Event(new TurnEvent.Text("abc", 0)));
    assertThat(next()).isEqualTo(new Next.Event(END));
    assertThat(next()).isEqualTo(new Next.Idle());
  }

  @Test
  void a_restart_voids_the_text_before_it() throws Exception {
    events.onEvent(new TurnEvent.Text("old", 0));
    events.onEvent(new TurnEvent.Restarted("new"));
    events.onEvent(new TurnEvent.Text("er", 3));
    assertThat(next()).isEqualTo(new Next.Event(new TurnEvent.Restarted("new")));
    assertThat(next()).isEqualTo(new Next.Event(new TurnEvent.Text("er", 3)));
  }

  @Test
  void text_beyond_the_bound_or_with_a_hole_is_dropped_for_a_resync() throws Exception {
    events.onEvent(new TurnEvent.Text("123456789", 0));
    events.onEvent(new TurnEvent.Text("0123", 9));
    events.onEvent(new TurnEvent.Text("4", 13));
    assertThat(next()).isEqualTo(new Next.Resync());
    events.onEvent(new TurnEvent.Text("5", 14));
    events.onEvent(new TurnEvent.Text("7", 16));
    assertThat(next()).isEqualTo(new Next.Resync());
    assertThat(next()).isEqualTo(new Next.Idle());
  }

  @Test
  void a_client_that_is_gone_gets_nothing_more() throws Exception {
    events.onEvent(new TurnEvent.Text("a", 0));
    events.clientGone();
    assertThat(next()).isEqualTo(new Next.ClientGone());
    assertThat(next()).isEqualTo(new Next.ClientGone());
  }

  @Test
  void a_waiting_connection_is_woken_by_an_event() throws Exception {
    Thread producer = Thread.ofVirtual().start(() -> events.onEvent(END));
    assertThat(events.next(Duration.ofMinutes(1))).isEqualTo(new Next.Event(END));
    producer.join();
  }
}
