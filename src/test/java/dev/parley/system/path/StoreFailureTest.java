package dev.parley.system.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.standalone.Node;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Redis that cuts its listeners, sleeps, forgets its scripts or everything (rows R1, R3, R4, R5,
/// R8, R13).
final class StoreFailureTest {
  private static Cluster cluster;

  @BeforeAll
  static void start() {
    cluster = Cluster.start("store", 1, 1, Map.of());
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
  void no_word_is_lost_when_the_subscriptions_are_cut() {
    Chat.Sent sent = cluster.chat(0).send("R1 please write 200 words");
    sent.reader().awaitWords(5);

    assertThat(cluster.servers().cutSubscriptions()).isPositive();
    sent.reader().awaitWords(50);
    assertThat(cluster.servers().cutSubscriptions()).isPositive();

    assertExact(sent, "R1 please write 200 words");
  }

  @Test
  void an_answer_goes_on_after_redis_slept() {
    Chat.Sent sent = cluster.chat(0).send("R3 please write 300 words");
    sent.reader().awaitWords(5);

    cluster.servers().pauseRedis();
    try {
      // Long enough that both have noticed by their own timeouts.
      for (Node node : new Node[] {cluster.gateway(0), cluster.worker(0)}) {
        await(node.name() + " misses Redis")
            .atMost(Cluster.LIMIT)
            .until(() -> node.get("/health/ready"), said -> said.contains("redis"));
      }
    } finally {
      cluster.servers().resumeRedis();
    }

    assertExact(sent, "R3 please write 300 words");
  }

  @Test
  void an_answer_goes_on_after_redis_lost_everything() {
    Chat.Sent sent = cluster.chat(0).send("R4 please write 400 words");
    sent.reader().awaitWords(5);

    cluster.servers().emptyRedis();

    assertExact(sent, "R4 please write 400 words");
    assertThat(
            cluster.worker(0).metric("parley_turns_restored_total")
                + cluster.gateway(0).metric("parley_turns_put_back_total"))
        .isPositive();
    Chat.Sent next = cluster.chat(0).send("R4 and then 20 words");
    assertExact(next, "R4 and then 20 words");
  }

  @Test
  void an_answer_goes_on_after_redis_lost_the_last_second() {
    Chat.Sent sent = cluster.chat(0).send("R5 please write 400 words");
    sent.reader().awaitWords(20);
    cluster.servers().copyRedis();
    sent.reader().awaitWords(70);

    cluster.servers().rollRedisBack();

    assertExact(sent, "R5 please write 400 words");
    cluster.records().awaitAllAccepted();
  }

  @Test
  void an_answer_that_ended_in_a_second_that_redis_lost_stays_ended() {
    Chat chat = cluster.chat(0);
    Chat.Sent sent = chat.send("R5 please write 60 words");
    sent.reader().awaitWords(20);
    cluster.servers().copyRedis();
    assertThat(sent.answer()).isEqualTo(Chat.expected("R5 please write 60 words"));

    cluster.servers().rollRedisBack();

    assertThat(cluster.awaitDelivered(sent.ref()).starts()).isEqualTo(1);
    assertExact(sent, "R5 please write 60 words");
    assertThat(chat.send("R5 and then 20 words").reader().awaitEnd().get("end").textValue())
        .isEqualTo("STOP");
    cluster.records().awaitAllAccepted();
  }

  @Test
  void forgotten_scripts_are_loaded_again() {
    Chat.Sent sent = cluster.chat(0).send("R13 please write 100 words");
    sent.reader().awaitWords(5);

    cluster.servers().forgetScripts();

    assertExact(sent, "R13 please write 100 words");
  }

  @Test
  void the_second_turn_of_a_conversation_is_whole_and_knows_the_first() {
    Chat chat = cluster.chat(0);
    String first = chat.send("R8 one with 30 words").answer();

    Chat.Sent second = chat.send("R8 two with 40 words");

    assertThat(second.answer())
        .isEqualTo(Chat.expected("R8 one with 30 words", first, "R8 two with 40 words"))
        .isNotEqualTo(Chat.expected("R8 two with 40 words"));
  }

  private static void assertExact(Chat.Sent sent, String question) {
    assertThat(sent.answer()).isEqualTo(Chat.expected(question));
    assertThat(sent.reader().restarts()).isZero();
    assertThat(cluster.turn(sent.ref()).starts()).isEqualTo(1);
  }
}
