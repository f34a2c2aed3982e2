package dev.parley.bench;

import dev.parley.doubles.telegram.Message;
import dev.parley.doubles.telegram.TelegramDouble;
import dev.parley.doubles.telegram.Transcript;
import dev.parley.doubles.telegram.WebhookRoute;
import dev.parley.standalone.Node;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Two gateways behind a webhook, with updates that come twice or to both, killed one after the other.
final class TelegramKills {

  /// Of the updates by webhook, the share that is delivered twice, and how many reach both gateways.
  private static final double TWICE = 0.05;

  private static final double BOTH = 0.02;

  /// A send that came in so short before a kill may have had no answer yet, ms.
  private static final long IN_FLIGHT_MS = 500;

  private static final int WORDS = 5;
  private static final int SPEED = 1_000;

  private TelegramKills() {}

  static void measure(BenchReport.Builder report, int updates) throws Exception {
    Map<String, String> settings = new HashMap<>(TelegramScene.FAKE);
    settings.put("TELEGRAM_WEBHOOK_URL", "http://127.0.0.1:1/telegram/webhook");
    settings.put("PARLEY_FAKE_SPEED", Integer.toString(SPEED));
    try (TelegramScene scene = new TelegramScene(settings)) {
      List<Node> gateways = List.of(scene.addGateway(), scene.addGateway());
      scene.addWorker();
      scene.awaitReady();
      TelegramCrowd crowd = scene.crowd(updates, 0);
      List<Message> asked = askAll(scene.telegram(), crowd, gateways);
      List<Long> kills = new ArrayList<>();
      for (Node gateway : gateways) {
        int answered = asked.size() / (kills.isEmpty() ? 3 : 2);
        crowd.awaitAnswer(asked.get(answered));
        kills.add(System.currentTimeMillis());
        gateway.kill();
        scene.awaitReady();
      }
      judge(report, scene, crowd, asked, kills);
    }
  }

  private static List<Message> askAll(
      TelegramDouble telegram, TelegramCrowd crowd, List<Node> gateways)
      throws InterruptedException {
    URI[] hooks = gateways.stream().map(TelegramKills::hook).toArray(URI[]::new);
    telegram.repeatUpdates(TWICE, 1);
    telegram.webhookRoute(WebhookRoute.toEach(hooks));
    List<Message> asked = new ArrayList<>();
    int both = (int) (crowd.size() * BOTH);
    for (int i = 0; i < both; i++) {
      asked.add(crowd.ask(i, WORDS));
    }
    crowd.awaitAnswer(asked.getFirst());
    telegram.webhookRoute(WebhookRoute.balanced(hooks));
    for (int i = both; i < crowd.size(); i++) {
      asked.add(crowd.ask(i, WORDS));
    }
    return asked;
  }

  private static URI hook(Node gateway) {
    return gateway.url().resolve("/telegram/webhook");
  }

  private static void judge(
      BenchReport.Builder report,
      TelegramScene scene,
      TelegramCrowd crowd,
      List<Message> asked,
      List<Long> kills)
      throws InterruptedException {
    long strays = 0;
    long wrong = 0;
    for (Message question : asked) {
      Transcript shown = crowd.awaitAnswer(question);
      strays += shown.fromBot().size() - 1L;
      boolean whole =
          shown.fromBot().stream().anyMatch(m -> m.text().split("\\s+", -1).length == WORDS);
      wrong += whole ? 0 : 1;
    }
    long inFlight =
        scene.telegram().calls().stream()
            .filter(call -> call.method().name().startsWith("SEND_MESSAGE"))
            .filter(call ->
                kills.stream().anyMatch(k -> call.atMs() <= k && call.atMs() > k - IN_FLIGHT_MS))
            .count();
    TelegramFigures figures = scene.figures(report, asked.size() + " updates, 2 gateways killed");
    report.target(Target.atMost(figures.count("second messages", strays), (double) inFlight));
    figures.none("answers not whole", wrong);
    figures.calls();
    report.note(
        "Sends in the %d ms before the two kills, whose outcome may have been lost: %d. A second message"
                .formatted(IN_FLIGHT_MS, inFlight)
            + " is one of those, sent again because a bot cannot look its messages up.");
  }
}
