package dev.parley.system.path;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.shared.turn.TurnState;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Gateways that die while they own turns, and messages that reach two of them (rows G1, G2, G4).
final class GatewayFailureTest {
  private static Cluster cluster;

  @BeforeAll
  static void start() {
    cluster = Cluster.start("gateways", 2, 1, Map.of());
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @BeforeEach
  void all_serve() {
    cluster.awaitReady();
  }

  @Test
  void another_gateway_finishes_what_a_killed_one_began() {
    Chat first = cluster.chat(0);
    Chat second = first.through(cluster.gateway(1));
    var message = new Chat.Message(Chat.freshId(), "G1 please write 150 words");
    assertThat(first.submit(message).status()).isEqualTo(202);
    Reader reader = second.follow(message);
    reader.awaitWords(5);

    cluster.gateway(0).kill();

    assertThat(reader.awaitAnswer()).isEqualTo(Chat.expected(message.text()));
    assertThat(reader.restarts()).isZero();
    var turn =
        cluster.awaitTurn(
            first.ref(message), "is delivered", view -> view.state() == TurnState.DELIVERED);
    assertThat(turn.adoptions()).isEqualTo(1);
    assertThat(turn.starts()).isEqualTo(1);
  }

  @Test
  void a_message_that_reaches_two_gateways_is_answered_once() {
    Chat first = cluster.chat(0);
    Chat second = first.through(cluster.gateway(1));
    var message = new Chat.Message(Chat.freshId(), "G2 please write 60 words");

    assertThat(first.submit(message).status()).isEqualTo(202);
    assertThat(second.submit(message).status()).isEqualTo(200);
    Reader one = first.follow(message);
    Reader other = second.follow(message);

    assertThat(one.awaitAnswer()).isEqualTo(Chat.expected(message.text()));
    assertThat(other.awaitAnswer()).isEqualTo(Chat.expected(message.text()));
    assertThat(cluster.turn(first.ref(message)).starts()).isEqualTo(1);
    assertThat(first.history()).hasSize(1);
  }

  @Test
  void a_retry_after_a_crash_before_the_queue_is_answered() {
    Chat first = cluster.chat(0);
    Chat second = first.through(cluster.gateway(1));
    var message = new Chat.Message(Chat.freshId(), "G4 please write 30 words");
    cluster.pauseBroker();
    try {
      assertThat(first.submit(message).status()).isEqualTo(202);
      assertThat(cluster.turn(first.ref(message)).state()).isEqualTo(TurnState.READY);
      cluster.gateway(0).kill();
    } finally {
      cluster.resumeBroker();
    }

    assertThat(second.submit(message).status()).isEqualTo(200);

    assertThat(second.follow(message).awaitAnswer()).isEqualTo(Chat.expected(message.text()));
    assertThat(cluster.turn(first.ref(message)).starts()).isEqualTo(1);
  }
}
