package dev.parley.system.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.doubles.telegram.Message;
import dev.parley.doubles.telegram.WebhookRoute;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Two gateways that Telegram posts to, by way of a balancer (rows G1, G2, G3): of each answer one message, whole.
final class TelegramWebhookFailureTest {
  private static TelegramPeople people;
  private static Cluster cluster;

  @BeforeAll
  static void start() {
    people = new TelegramPeople();
    Map<String, String> settings = new HashMap<>(people.settings());
    // The balancer is the double itself.
    settings.put("TELEGRAM_WEBHOOK_URL", "http://127.0.0.1:1/telegram/webhook");
    cluster = Cluster.start("telegram-webhooks", 2, 2, settings);
  }

  @AfterAll
  static void stop() {
    cluster.close();
    people.close();
  }

  @BeforeEach
  void all_serve() {
    cluster.awaitReady();
  }

  @Test
  void updates_that_reach_both_gateways_at_once_are_answered_once() throws InterruptedException {
    people.telegram.webhookRoute(WebhookRoute.toEach(webhook(0), webhook(1)));

    List<Message> questions = people.ask();

    people.assertOneWholeAnswerEach(questions);
    for (Message question : questions) {
      assertThat(cluster.turn(people.turn(question)).starts()).isEqualTo(1);
    }
  }

  @Test
  void what_was_posted_to_a_gateway_that_dies_is_taken_and_finished_by_the_other()
      throws InterruptedException {
    people.telegram.webhookRoute(WebhookRoute.balanced(webhook(0), webhook(1)));
    List<Message> early = people.ask();
    for (Message question : early) {
      cluster.awaitTurn(people.turn(question), "has a message", turn -> !turn.parts().isEmpty());
    }

    cluster.gateway(0).kill();
    List<Message> late = people.ask();

    people.assertOneWholeAnswerEach(late);
    people.assertOneWholeAnswerEach(early);
    await("all posts were taken").until(() -> people.telegram.pendingUpdates() == 0);
  }

  private static URI webhook(int gateway) {
    return cluster.gateway(gateway).url().resolve("/telegram/webhook");
  }
}
