package dev.parley.system.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.standalone.Node;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The same path when the workers ask an OpenAI-compatible server, here another engine alone.
final class RemoteEngineTest {
  private static Node server;
  private static Cluster cluster;

  @BeforeAll
  static void start() {
    server =
        Node.engine(
            Cluster.fresh("remote-server"),
            "server",
            Map.of("PARLEY_ENGINE", "fake"),
            Node.Jvm.SMALL);
    server.awaitReady();
    cluster = Cluster.start("remote", 1, 2, Map.of("PARLEY_ENGINE", server.url() + "/v1"));
  }

  @AfterAll
  static void stop() {
    cluster.close();
    server.close();
  }

  @BeforeEach
  void all_serve() {
    if (!server.child().isAlive()) {
      server.startAgain();
      server.awaitReady();
    }
    cluster.awaitReady();
  }

  @Test
  void an_answer_is_the_servers() {
    assertThat(cluster.chat(0).send("please write 60 words").answer())
        .isEqualTo(Chat.expected("please write 60 words"));
  }

  @Test
  void an_answer_whose_worker_is_killed_begins_anew() {
    Chat.Sent sent = cluster.chat(0).send("please write 150 words");
    Node owner = cluster.owner(sent.ref(), 5);
    sent.reader().awaitWords(5);

    owner.kill();

    assertThat(sent.answer()).isEqualTo(Chat.expected("please write 150 words"));
    assertThat(sent.reader().restarts()).isOne();
    assertThat(cluster.turn(sent.ref()).starts()).isEqualTo(2);
  }

  @Test
  void an_answer_whose_server_is_killed_ends_with_an_apology_and_the_next_waits_for_it() {
    Chat chat = cluster.chat(0);
    Chat.Sent sent = chat.send("please write 1500 words");
    sent.reader().awaitWords(3);

    server.kill();

    assertThat(sent.reader().awaitEnd().get("end").textValue()).isEqualTo("ENGINE");
    await()
        .atMost(Cluster.LIMIT)
        .until(() ->
            cluster.workers().stream()
                .allMatch(worker -> worker.get("/health/ready").contains("engine: ")));
    Chat.Sent next = chat.send("please write 20 words");
    server.startAgain();
    assertThat(next.reader().awaitEnd().get("end").textValue()).isEqualTo("STOP");
  }
}
