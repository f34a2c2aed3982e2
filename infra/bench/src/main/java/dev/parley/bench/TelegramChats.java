package dev.parley.bench;

import dev.parley.doubles.telegram.Message;
import dev.parley.shared.runtime.Threads;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/// People in chats with a bot that polls, and an engine of fixed speed.
final class TelegramChats {
  private static final double ONE_FIRST_MS = 250;
  private static final double ONE_LAST_MS = 1_200;
  private static final double MANY_FIRST_MS = 2_000;

  private static final int FLOOD_CHATS = 10;
  private static final int FLOOD_ROUNDS = 3;
  private static final long FLOOD_EVERY_NS = 20_000_000;

  private static final List<String> TOPICS =
      List.of("lighthouses", "railways", "orchards", "harbours", "libraries", "glaciers");

  private TelegramChats() {}

  /// One person asks, again and again.
  static void one(BenchReport.Builder report, int questions) throws Exception {
    try (TelegramScene scene = TelegramScene.polling(TelegramScene.FAKE)) {
      TelegramCrowd crowd = scene.crowd(1, 0);
      crowd.awaitAnswer(crowd.ask(0, 5));
      List<TelegramCrowd.Seen> seen = new ArrayList<>();
      try (EngineEar ear = scene.ear()) {
        for (int i = 0; i < questions; i++) {
          crowd.reads();
          seen.add(crowd.seen(crowd.ask(0, 120), ear));
        }
      }
      TelegramFigures figures = scene.figures(report, "1 chat");
      report
          .target(Target.atMost(figures.first(seen), ONE_FIRST_MS))
          .target(Target.atMost(figures.last(seen), ONE_LAST_MS));
      figures.answers(seen);
    }
  }

  /// Thirty people ask at once.
  static void thirty(BenchReport.Builder report) throws Exception {
    try (TelegramScene scene = TelegramScene.polling(TelegramScene.FAKE)) {
      List<TelegramCrowd.Seen> seen = atOnce(scene, scene.crowd(30, 0), 200);
      TelegramFigures figures = scene.figures(report, "30 chats");
      report.target(Target.atMost(figures.first(seen), MANY_FIRST_MS));
      figures.last(seen);
      figures.answers(seen);
    }
  }

  /// Two hundred do, twenty of them in groups.
  static void twoHundred(BenchReport.Builder report) throws Exception {
    try (TelegramScene scene = TelegramScene.polling(TelegramScene.FAKE)) {
      List<TelegramCrowd.Seen> seen = atOnce(scene, scene.crowd(180, 20), 400);
      TelegramFigures figures = scene.figures(report, "200 chats");
      figures.first(seen);
      figures.last(seen);
      figures.answers(seen);
    }
  }

  private static List<TelegramCrowd.Seen> atOnce(
      TelegramScene scene, TelegramCrowd crowd, int words) throws InterruptedException {
    TelegramCrowd warm = scene.crowd(2, 0);
    for (Message question : warm.ask(20)) {
      warm.awaitAnswer(question);
    }
    try (EngineEar ear = scene.ear()) {
      return seen(crowd, words, ear);
    }
  }

  private static List<TelegramCrowd.Seen> seen(TelegramCrowd crowd, int words, EngineEar ear)
      throws InterruptedException {
    List<TelegramCrowd.Seen> seen = new ArrayList<>();
    for (Message question : crowd.ask(words)) {
      seen.add(crowd.seen(question, ear));
    }
    return seen;
  }

  /// Ten people ask, with and without an eleventh who does not stop writing.
  static void flood(BenchReport.Builder report) throws Exception {
    try (TelegramScene scene = TelegramScene.polling(TelegramScene.FAKE)) {
      TelegramCrowd crowd = scene.crowd(FLOOD_CHATS, 0);
      TelegramCrowd heavy = scene.crowd(1, 0);
      for (Message question : crowd.ask(20)) {
        crowd.awaitAnswer(question);
      }
      List<TelegramCrowd.Seen> calm = new ArrayList<>();
      List<TelegramCrowd.Seen> beside = new ArrayList<>();
      try (EngineEar ear = scene.ear()) {
        for (int round = 0; round < FLOOD_ROUNDS; round++) {
          crowd.reads();
          calm.addAll(seen(crowd, 60, ear));
          crowd.reads();
          AtomicBoolean over = new AtomicBoolean();
          Thread writer = Threads.start("heavy-writer", () -> writesUntil(heavy, over));
          beside.addAll(seen(crowd, 60, ear));
          over.set(true);
          writer.join();
        }
      }
      scene.figures(report, "10 chats").first(calm);
      TelegramFigures figures = scene.figures(report, "10 chats beside one who floods");
      report.target(Target.atMost(figures.first(beside), MANY_FIRST_MS));
      figures.answers(beside);
    }
  }

  private static void writesUntil(TelegramCrowd heavy, AtomicBoolean over) {
    while (!over.get()) {
      heavy.ask(0, 60);
      LockSupport.parkNanos(FLOOD_EVERY_NS);
    }
  }

  /// People ask a model that really writes: first one of them, then as many as it has slots.
  static void model(BenchReport.Builder report, int questions) throws Exception {
    try (TelegramScene scene = TelegramScene.polling(TelegramScene.MODEL)) {
      TelegramCrowd crowd = scene.crowd(TelegramScene.MODEL_SLOTS, 0);
      crowd.awaitAnswer(crowd.say(0, "Hello!"));
      List<TelegramCrowd.Seen> alone = new ArrayList<>();
      List<TelegramCrowd.Seen> together = new ArrayList<>();
      try (EngineEar ear = scene.ear()) {
        for (int i = 0; i < questions; i++) {
          crowd.reads();
          alone.add(crowd.seenFormatted(crowd.say(0, about(i)), ear));
        }
        List<Message> asked = new ArrayList<>();
        for (int i = 0; i < crowd.size(); i++) {
          asked.add(crowd.say(i, about(i)));
        }
        for (Message question : asked) {
          together.add(crowd.seenFormatted(question, ear));
        }
      }
      TelegramFigures one = scene.figures(report, TelegramScene.MODEL_NAME + ", 1 chat");
      report
          .target(Target.atMost(one.first(alone), ONE_FIRST_MS))
          .target(Target.atMost(one.last(alone), ONE_LAST_MS));
      TelegramFigures all =
          scene.figures(report, "%s, %d chats".formatted(TelegramScene.MODEL_NAME, crowd.size()));
      all.first(together);
      all.last(together);
      all.calls();
    }
  }

  private static String about(int i) {
    return "Write about " + TOPICS.get(i % TOPICS.size()) + ".";
  }
}
