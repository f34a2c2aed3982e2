package dev.parley.bench;

import dev.parley.doubles.telegram.TelegramDouble;
import dev.parley.standalone.Node;
import java.util.HashMap;
import java.util.Map;

/// A bot's double, and the processes that serve it.
final class TelegramScene implements AutoCloseable {

  /// Tokens per second of each answer of the fake engine.
  static final int SPEED = 40;

  static final int SLOTS = 64;

  static final Map<String, String> FAKE =
      Map.of(
          "PARLEY_ENGINE", "fake",
          "PARLEY_FAKE_SPEED", Integer.toString(SPEED),
          "PARLEY_SLOTS", Integer.toString(SLOTS));

  static final String MODEL_NAME = "smollm2-135m";
  static final int MODEL_SLOTS = 8;
  private static final int MODEL_TOKENS = 160;

  static final Map<String, String> MODEL =
      Map.of(
          "PARLEY_MODEL", MODEL_NAME,
          "PARLEY_SLOTS", Integer.toString(MODEL_SLOTS),
          "PARLEY_MAX_TOKENS", Integer.toString(MODEL_TOKENS));

  private final TelegramDouble telegram = TelegramDouble.start();
  private final Rig rig;

  /// @param settings of all processes, beside those that name the bot
  TelegramScene(Map<String, String> settings) {
    Map<String, String> all = new HashMap<>(settings);
    all.put("TELEGRAM_BOT_TOKEN", telegram.token());
    all.put("TELEGRAM_API_URL", telegram.url().toString());
    rig = Rig.start(all);
  }

  /// With one gateway that polls, and one worker.
  static TelegramScene polling(Map<String, String> settings) {
    TelegramScene scene = new TelegramScene(settings);
    scene.addGateway();
    scene.addWorker();
    scene.awaitReady();
    return scene;
  }

  Node addGateway() {
    return rig.addGateway();
  }

  Node addWorker() {
    return rig.addWorker();
  }

  void awaitReady() {
    rig.awaitReady();
  }

  TelegramDouble telegram() {
    return telegram;
  }

  TelegramCrowd crowd(int privateChats, int groups) {
    return new TelegramCrowd(telegram, privateChats, groups);
  }

  EngineEar ear() throws InterruptedException {
    return new EngineEar(rig.redis());
  }

  TelegramFigures figures(BenchReport.Builder report, String name) {
    return new TelegramFigures(report, name, telegram);
  }

  @Override
  public void close() {
    rig.close();
    telegram.close();
  }
}
