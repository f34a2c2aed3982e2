package dev.parley.bench;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
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

  /// What is measured, under the names of `--only`.
  enum Part {
    ONE("one"),
    THIRTY("30"),
    TWO_HUNDRED("200"),
    FLOOD("flood"),
    WEBHOOK("webhook"),
    MODEL("model");

    private final String label;

    Part(String label) {
      this.label = label;
    }

    @Override
    public String toString() {
      return label;
    }
  }

  /// So picocli reads a part by its name, and lists all where there is none.
  static final class Parts implements CommandLine.ITypeConverter<Part> {
    @Override
    public Part convert(String value) {
      return Arrays.stream(Part.values())
          .filter(part -> part.label.equals(value))
          .findFirst()
          .orElseThrow(() ->
              new CommandLine.TypeConversionException(
                  "one of %s, not %s".formatted(Arrays.toString(Part.values()), value)));
    }
  }

  @Mixin private ReportOut out = new ReportOut();

  @Option(names = "--questions", paramLabel = "N", description = "In the one chat (default 20).")
  private int questions = 20;

  @Option(names = "--updates", paramLabel = "N", description = "By webhook (default 1000).")
  private int updates = 1_000;

  @Option(
      names = "--only",
      paramLabel = "PART",
      converter = Parts.class,
      description = "One part alone: one, 30, 200, flood, webhook, model.")
  private Set<Part> parts = EnumSet.allOf(Part.class);

  @Override
  public Integer call() throws Exception {
    BenchReport.Builder report =
        new BenchReport.Builder("telegram")
            .setting(
                "engine",
                "fake, %d tokens/s an answer, %d slots; last %s, %d slots"
                    .formatted(
                        TelegramScene.SPEED,
                        TelegramScene.SLOTS,
                        TelegramScene.MODEL_NAME,
                        TelegramScene.MODEL_SLOTS))
            .setting("limits of the double", "3 + 1/s a chat, 20/min a group, 30/s in all");
    for (Part part : parts) {
      measure(part, report);
    }
    out.write(report.build());
    return 0;
  }

  private void measure(Part part, BenchReport.Builder report) throws Exception {
    switch (part) {
      case ONE -> TelegramChats.one(report, questions);
      case THIRTY -> TelegramChats.thirty(report);
      case TWO_HUNDRED -> TelegramChats.twoHundred(report);
      case FLOOD -> TelegramChats.flood(report);
      case WEBHOOK -> TelegramKills.measure(report, updates);
      case MODEL -> TelegramChats.model(report, questions);
    }
  }
}
