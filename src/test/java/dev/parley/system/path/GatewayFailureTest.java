package dev.parley.system.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.shared.turn.TurnState;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Gateways that die while they own turns, and messages that reach two of them (rows G1, G2, G4).
final class GatewayFailureTest {
  private static Cluster cluster;

  /// The first gateway's way to Redis.
  private static RedisProxy proxy;

  @BeforeAll
  static void start() {
    cluster = Cluster.proxied("gateways");
    proxy = cluster.proxy();
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
    var turn = cluster.awaitDelivered(first.ref(message));
    assertThat(turn.adoptions()).isEqualTo(1);
    assertThat(turn.starts()).isEqualTo(1);
  }

  @Test
  void another_gateway_puts_into_the_queue_what_a_killed_one_could_not() {
    Chat first = cluster.chat(0);
    Chat second = first.through(cluster.gateway(1));
    var message = new Chat.Message(Chat.freshId(), "G1 please write 40 words");
    cluster.servers().killBroker();
    assertThat(first.submit(message).status()).isEqualTo(202);
    assertThat(cluster.turn(first.ref(message)).state()).isEqualTo(TurnState.READY);

    cluster.gateway(0).kill();
    cluster.servers().startBroker();

    assertThat(second.follow(message).awaitAnswer()).isEqualTo(Chat.expected(message.text()));
    var turn = cluster.awaitDelivered(first.ref(message));
    assertThat(turn.adoptions()).isEqualTo(1);
    assertThat(turn.starts()).isEqualTo(1);
    assertThat(second.history()).hasSize(1);
  }

  @Test
  void another_gateway_closes_an_answer_whose_gateway_died_when_it_was_done() {
    Chat first = cluster.chat(0);
    Chat second = first.through(cluster.gateway(1));
    var message = new Chat.Message(Chat.freshId(), "G1 please write 50 words");
    proxy.holdBack(command -> command.words().contains("DELIVERED"));
    assertThat(first.submit(message).status()).isEqualTo(202);
    Reader reader = second.follow(message);
    await("the gateway wants to close the turn")
        .atMost(Cluster.LIMIT)
        .until(() -> proxy.waiting() > 0);
    assertThat(cluster.turn(first.ref(message)).state()).isEqualTo(TurnState.DONE);

    cluster.gateway(0).kill();

    var turn = cluster.awaitDelivered(first.ref(message));
    proxy.behave();
    assertThat(turn.adoptions()).isEqualTo(1);
    assertThat(turn.starts()).isEqualTo(1);
    assertThat(reader.awaitAnswer()).isEqualTo(Chat.expected(message.text()));
    assertThat(second.history()).hasSize(1);
    assertThat(second.send("G1 and then 20 words").answer())
        .isEqualTo(Chat.expected(message.text(), reader.text(), "G1 and then 20 words"));
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
    cluster.servers().pauseBroker();
    try {
      assertThat(first.submit(message).status()).isEqualTo(202);
      assertThat(cluster.turn(first.ref(message)).state()).isEqualTo(TurnState.READY);
      cluster.gateway(0).kill();
    } finally {
      cluster.servers().resumeBroker();
    }

    assertThat(second.submit(message).status()).isEqualTo(200);

    assertThat(second.follow(message).awaitAnswer()).isEqualTo(Chat.expected(message.text()));
    assertThat(cluster.turn(first.ref(message)).starts()).isEqualTo(1);
  }
}
