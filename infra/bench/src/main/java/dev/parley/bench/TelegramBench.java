package dev.parley.bench;

import dev.parley.doubles.telegram.Message;
import dev.parley.doubles.telegram.TelegramDouble;
import dev.parley.doubles.telegram.Transcript;
import dev.parley.doubles.telegram.WebhookRoute;
import dev.parley.shared.runtime.Threads;
import dev.parley.standalone.Node;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `parley bench telegram`: what people in Telegram see, against a strict double of its servers that counts every
/// call that came too early.
///
/// The engine is the fake one at a fixed speed, so that what is measured is the way from a worker's words to a
/// chat: Redis, the gateway, its pacing, HTTP.
@Command(
    name = "telegram",
    description = "What people in Telegram see, against a strict double.",
    mixinStandardHelpOptions = true)
final class TelegramBench implements Callable<Integer> {

  /// Tokens per second of each answer.
  private static final int SPEED = 40;

  private static final int SLOTS = 64;
  private static final double P95 = 95;

  private static final int TEN = 10;
  private static final int FLOOD_ROUNDS = 3;
  private static final long FLOOD_EVERY_NS = 20_000_000;

  private static final String MODEL = "smollm2-135m";
  private static final int MODEL_SLOTS = 8;
  private static final int MODEL_TOKENS = 160;
  private static final List<String> TOPICS =
      List.of("lighthouses", "railways", "orchards", "harbours", "libraries", "glaciers");

  private static final long READS_MS = 3_000;

  private static final double ONE_FIRST_MS = 250;
  private static final double ONE_LAST_MS = 1_200;
  private static final double MANY_FIRST_MS = 2_000;

  /// Of the updates by webhook, the share that is delivered twice, and how many reach both gateways.
  private static final double TWICE = 0.05;

  private static final double BOTH = 0.02;

  /// A send that came in so short before a kill may have had no answer yet, ms.
  private static final long IN_FLIGHT_MS = 500;

  @Mixin private ReportOut out = new ReportOut();

  @Option(names = "--questions", paramLabel = "N", description = "In the one chat (default 20).")
  private int questions = 20;

  @Option(names = "--updates", paramLabel = "N", description = "By webhook (default 1000).")
  private int updates = 1_000;

  @Option(
      names = "--only",
      paramLabel = "one|30|200|flood|webhook|model",
      description = "One part alone.")
  private String only = "";

  @Override
  public Integer call() throws Exception {
    BenchReport.Builder report =
        new BenchReport.Builder("telegram")
            .setting("engine", "fake, %d tokens/s an answer, %d slots".formatted(SPEED, SLOTS))
            .setting("limits of the double", "3 + 1/s a chat, 20/min a group, 30/s in all");
    if (only.isEmpty() || only.equals("one")) {
      one(report);
    }
    if (only.isEmpty() || only.equals("30")) {
      many(report, "30 chats", 30, 0, 200, MANY_FIRST_MS);
    }
    if (only.isEmpty() || only.equals("200")) {
      many(report, "200 chats", 180, 20, 400, 0);
    }
    if (only.isEmpty() || only.equals("flood")) {
      flood(report);
    }
    if (only.isEmpty() || only.equals("webhook")) {
      webhook(report);
    }
    if (only.isEmpty() || only.equals("model")) {
      model(report);
    }
    out.write(report.build());
    return 0;
  }

  private static Map<String, String> settings(TelegramDouble telegram) {
    Map<String, String> settings = new HashMap<>();
    settings.put("PARLEY_ENGINE", "fake");
    settings.put("PARLEY_FAKE_SPEED", Integer.toString(SPEED));
    settings.put("PARLEY_SLOTS", Integer.toString(SLOTS));
    settings.put("TELEGRAM_BOT_TOKEN", telegram.token());
    settings.put("TELEGRAM_API_URL", telegram.url().toString());
    return settings;
  }

  // ---- chats that poll

  private void one(BenchReport.Builder report) throws Exception {
    try (TelegramDouble telegram = TelegramDouble.start();
        Rig rig = Rig.start(settings(telegram))) {
      rig.addGateway();
      rig.addWorker();
      rig.awaitReady();
      TelegramCrowd crowd = new TelegramCrowd(telegram, 1, 0);
      crowd.awaitAnswer(crowd.ask(0, 5));
      List<TelegramCrowd.Seen> seen = new ArrayList<>();
      try (EngineEar ear = new EngineEar(rig.redis())) {
        for (int i = 0; i < questions; i++) {
          // Who was answered reads before he asks again.
          Thread.sleep(READS_MS);
          seen.add(crowd.seen(crowd.ask(0, 120), ear));
        }
      }
      Figure first =
          percentile(report, "1 chat, first words p95", seen, TelegramCrowd.Seen::firstMs);
      Figure last = percentile(report, "1 chat, last words p95", seen, TelegramCrowd.Seen::lastMs);
      report.target(Target.atMost(first, ONE_FIRST_MS)).target(Target.atMost(last, ONE_LAST_MS));
      common(report, "1 chat", telegram, seen);
    }
  }

  private static void many(
      BenchReport.Builder report,
      String name,
      int privateChats,
      int groups,
      int words,
      double firstMs)
      throws Exception {
    try (TelegramDouble telegram = TelegramDouble.start();
        Rig rig = Rig.start(settings(telegram))) {
      rig.addGateway();
      rig.addWorker();
      rig.awaitReady();
      TelegramCrowd warm = new TelegramCrowd(telegram, 2, 0);
      for (Message question : warm.ask(20)) {
        warm.awaitAnswer(question);
      }
      TelegramCrowd crowd = new TelegramCrowd(telegram, privateChats, groups);
      List<TelegramCrowd.Seen> seen = new ArrayList<>();
      try (EngineEar ear = new EngineEar(rig.redis())) {
        for (Message question : crowd.ask(words)) {
          seen.add(crowd.seen(question, ear));
        }
      }
      Figure first =
          percentile(report, name + ", first words p95", seen, TelegramCrowd.Seen::firstMs);
      if (firstMs > 0) {
        report.target(Target.atMost(first, firstMs));
      }
      percentile(report, name + ", last words p95", seen, TelegramCrowd.Seen::lastMs);
      common(report, name, telegram, seen);
    }
  }

  /// Ten people ask, with and without an eleventh who does not stop writing.
  private static void flood(BenchReport.Builder report) throws Exception {
    try (TelegramDouble telegram = TelegramDouble.start();
        Rig rig = Rig.start(settings(telegram))) {
      rig.addGateway();
      rig.addWorker();
      rig.awaitReady();
      TelegramCrowd crowd = new TelegramCrowd(telegram, TEN, 0);
      TelegramCrowd heavy = new TelegramCrowd(telegram, 1, 0);
      for (Message question : crowd.ask(20)) {
        crowd.awaitAnswer(question);
      }
      List<TelegramCrowd.Seen> calm = new ArrayList<>();
      List<TelegramCrowd.Seen> beside = new ArrayList<>();
      try (EngineEar ear = new EngineEar(rig.redis())) {
        for (int round = 0; round < FLOOD_ROUNDS; round++) {
          Thread.sleep(READS_MS);
          for (Message question : crowd.ask(60)) {
            calm.add(crowd.seen(question, ear));
          }
          Thread.sleep(READS_MS);
          AtomicBoolean over = new AtomicBoolean();
          Thread writer = Threads.start("heavy-writer", () -> writesUntil(heavy, over));
          for (Message question : crowd.ask(60)) {
            beside.add(crowd.seen(question, ear));
          }
          over.set(true);
          writer.join();
        }
      }
      percentile(report, "10 chats, first words p95", calm, TelegramCrowd.Seen::firstMs);
      Figure first =
          percentile(
              report,
              "10 chats beside one who floods, first words p95",
              beside,
              TelegramCrowd.Seen::firstMs);
      report.target(Target.atMost(first, MANY_FIRST_MS));
      common(report, "10 chats beside one who floods", telegram, beside);
    }
  }

  private static void writesUntil(TelegramCrowd heavy, AtomicBoolean over) {
    while (!over.get()) {
      heavy.ask(0, 60);
      LockSupport.parkNanos(FLOOD_EVERY_NS);
    }
  }

  // ---- a model that really writes

  private void model(BenchReport.Builder report) throws Exception {
    try (TelegramDouble telegram = TelegramDouble.start()) {
      Map<String, String> settings = settings(telegram);
      settings.put("PARLEY_ENGINE", "llama");
      settings.put("PARLEY_MODEL", MODEL);
      settings.put("PARLEY_SLOTS", Integer.toString(MODEL_SLOTS));
      settings.put("PARLEY_MAX_TOKENS", Integer.toString(MODEL_TOKENS));
      try (Rig rig = Rig.start(settings)) {
        rig.addGateway();
        rig.addWorker();
        rig.awaitReady();
        TelegramCrowd crowd = new TelegramCrowd(telegram, MODEL_SLOTS, 0);
        crowd.awaitAnswer(crowd.say(0, "Hello!"));
        List<TelegramCrowd.Seen> alone = new ArrayList<>();
        List<TelegramCrowd.Seen> together = new ArrayList<>();
        try (EngineEar ear = new EngineEar(rig.redis())) {
          for (int i = 0; i < questions; i++) {
            Thread.sleep(READS_MS);
            alone.add(crowd.seenFormatted(crowd.say(0, "Write about " + topic(i) + "."), ear));
          }
          List<Message> asked = new ArrayList<>();
          for (int i = 0; i < MODEL_SLOTS; i++) {
            asked.add(crowd.say(i, "Write about " + topic(i) + "."));
          }
          for (Message question : asked) {
            together.add(crowd.seenFormatted(question, ear));
          }
        }
        Figure first =
            percentile(report, MODEL + ", first words p95", alone, TelegramCrowd.Seen::firstMs);
        Figure last =
            percentile(report, MODEL + ", last words p95", alone, TelegramCrowd.Seen::lastMs);
        report.target(Target.atMost(first, ONE_FIRST_MS)).target(Target.atMost(last, ONE_LAST_MS));
        String many = MODEL + ", %d chats".formatted(MODEL_SLOTS);
        percentile(report, many + ", first words p95", together, TelegramCrowd.Seen::firstMs);
        percentile(report, many + ", last words p95", together, TelegramCrowd.Seen::lastMs);
        Figure early = count(report, many + ", calls too early", telegram.violations().size());
        report.target(Target.atMost(early, 0));
        tooEarly(report, many, telegram);
      }
    }
  }

  private static String topic(int i) {
    return TOPICS.get(i % TOPICS.size());
  }

  private static void common(
      BenchReport.Builder report,
      String name,
      TelegramDouble telegram,
      List<TelegramCrowd.Seen> seen) {
    report.headline(
        Figure.median(
            name + ", calls an answer",
            "count",
            seen.stream().map(TelegramCrowd.Seen::calls).toList()));
    Figure inexact =
        count(report, name + ", texts not exact", seen.stream().filter(s -> !s.exact()).count());
    Figure early = count(report, name + ", calls too early", telegram.violations().size());
    report.target(Target.atMost(inexact, 0)).target(Target.atMost(early, 0));
    tooEarly(report, name, telegram);
  }

  private static void tooEarly(BenchReport.Builder report, String name, TelegramDouble telegram) {
    telegram.violations().forEach(v -> report.note(name + ", too early: " + v));
  }

  // ---- two gateways behind a webhook, killed in turn

  private void webhook(BenchReport.Builder report) throws Exception {
    try (TelegramDouble telegram = TelegramDouble.start()) {
      Map<String, String> settings = settings(telegram);
      settings.put("TELEGRAM_WEBHOOK_URL", "http://127.0.0.1:1/telegram/webhook");
      settings.put("PARLEY_FAKE_SPEED", "1000");
      try (Rig rig = Rig.start(settings)) {
        Node first = rig.addGateway();
        Node second = rig.addGateway();
        rig.addWorker();
        rig.awaitReady();
        URI[] gateways = {hook(first), hook(second)};
        telegram.repeatUpdates(TWICE, 1);
        TelegramCrowd crowd = new TelegramCrowd(telegram, updates, 0);
        telegram.webhookRoute(WebhookRoute.toEach(gateways));
        List<Message> asked = new ArrayList<>();
        int both = (int) (updates * BOTH);
        for (int i = 0; i < both; i++) {
          asked.add(crowd.ask(i, 5));
        }
        crowd.awaitAnswer(asked.getFirst());
        telegram.webhookRoute(WebhookRoute.balanced(gateways));
        for (int i = both; i < updates; i++) {
          asked.add(crowd.ask(i, 5));
        }
        List<Long> kills = new ArrayList<>();
        for (Node gateway : List.of(first, second)) {
          crowd.awaitAnswer(asked.get(asked.size() / (gateway == first ? 3 : 2)));
          kills.add(System.currentTimeMillis());
          gateway.kill();
          rig.awaitReady();
        }
        judge(report, telegram, crowd, asked, kills);
      }
    }
  }

  private static URI hook(Node gateway) {
    return gateway.url().resolve("/telegram/webhook");
  }

  private static void judge(
      BenchReport.Builder report,
      TelegramDouble telegram,
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
          shown.fromBot().stream().anyMatch(m -> m.text().split("\\s+", -1).length == 5);
      wrong += whole ? 0 : 1;
    }
    long inFlight =
        telegram.calls().stream()
            .filter(call -> call.method().name().startsWith("SEND_MESSAGE"))
            .filter(call ->
                kills.stream().anyMatch(k -> call.atMs() <= k && call.atMs() > k - IN_FLIGHT_MS))
            .count();
    String name = asked.size() + " updates, 2 gateways killed";
    Figure second = count(report, name + ", second messages", strays);
    report.target(Target.atMost(second, (double) inFlight));
    report.target(Target.atMost(count(report, name + ", answers not whole", wrong), 0));
    report.target(
        Target.atMost(count(report, name + ", calls too early", telegram.violations().size()), 0));
    tooEarly(report, name, telegram);
    report.note(
        "Sends in the %d ms before the two kills, whose outcome may have been lost: %d. A second message"
                .formatted(IN_FLIGHT_MS, inFlight)
            + " is one of those, sent again because a bot cannot look its messages up.");
  }

  // ---- figures

  private static Figure percentile(
      BenchReport.Builder report,
      String name,
      List<TelegramCrowd.Seen> seen,
      ToDoubleFunction<TelegramCrowd.Seen> of) {
    List<Double> sorted = seen.stream().map(of::applyAsDouble).sorted().toList();
    int at = (int) Math.ceil(sorted.size() * P95 / 100) - 1;
    return report.headline(Figure.of(name, "ms", sorted.get(at), sorted));
  }

  private static Figure count(BenchReport.Builder report, String name, long value) {
    return report.headline(Figure.median(name, "count", List.of((double) value)));
  }
}
