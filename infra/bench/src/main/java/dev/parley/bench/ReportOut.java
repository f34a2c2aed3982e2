package dev.parley.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Option;

/// Where a report goes: Markdown to standard output, and JSON to a file that the user names.
final class ReportOut {
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  /// Figures from here on are printed without decimals.
  private static final double LARGE = 1_000;

  private Optional<Path> file = Optional.empty();

  @Option(names = "--out", paramLabel = "FILE", description = "Also writes the report as JSON.")
  void file(Path path) {
    file = Optional.of(path);
  }

  void write(BenchReport report) {
    System.out.print(markdown(report));
    file.ifPresent(path -> write(report, path));
  }

  private static void write(BenchReport report, Path path) {
    try {
      Optional<Path> directory = Optional.ofNullable(path.toAbsolutePath().getParent());
      if (directory.isPresent()) {
        Files.createDirectories(directory.get());
      }
      Files.writeString(path, JSON.writeValueAsString(report) + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(path + " cannot be written", e);
    }
  }

  static String markdown(BenchReport report) {
    StringBuilder text = new StringBuilder();
    Machine machine = report.machine();
    line(
        text,
        "bench %s, %s: %s, %d cores, %s, %s, JDK %s, Kafka %s; load before %.1f",
        report.bench(),
        machine.date(),
        machine.cpu(),
        machine.cores(),
        machine.memory(),
        machine.system(),
        machine.jdk(),
        machine.kafka(),
        machine.load());
    line(text, "");
    report.settings().forEach((name, value) -> line(text, "- %s: %s", name, value));
    line(text, "\n| figure | unit | value | min - max | rounds |\n|---|---|---|---|---|");
    for (Figure f : report.figures()) {
      line(
          text,
          "| %s | %s | %s | %s - %s | %d |",
          f.name(),
          f.unit(),
          number(f.value()),
          number(f.min()),
          number(f.max()),
          f.rounds().size());
    }
    line(text, "\n| target | wanted | measured | |\n|---|---|---|---|");
    report.targets().forEach(target -> line(text, "%s", row(target)));
    report.notes().forEach(note -> line(text, "\n%s", note));
    return text.toString();
  }

  private static String row(Target target) {
    return String.format(
        Locale.ROOT,
        "| %s | %s %s %s | %s | %s |",
        target.name(),
        target.words(),
        number(target.bound()),
        target.unit(),
        number(target.measured()),
        target.reached() ? "reached" : "**missed**");
  }

  private static void line(StringBuilder text, String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  private static String number(double value) {
    String format = Math.abs(value) >= LARGE ? "%,.0f" : "%.2f";
    return String.format(Locale.ROOT, format, value);
  }
}
