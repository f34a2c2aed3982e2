package dev.parley.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Formatter;
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

  /// A file next to the report's, when that has one: `engine.json` and `-A.svg` make `engine-A.svg`.
  Optional<Path> beside(String ending) {
    return file.map(path -> {
      String name = path.getFileName().toString().replaceFirst("\\.json$", "");
      return path.resolveSibling(name + ending);
    });
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
    Formatter out = new Formatter(text, Locale.ROOT);
    Machine machine = report.machine();
    out.format(
        "bench %s, %s: %s, %d cores, %s, %s, JDK %s, Kafka %s; load before %.1f%n%n",
        report.bench(),
        machine.date(),
        machine.cpu(),
        machine.cores(),
        machine.memory(),
        machine.system(),
        machine.jdk(),
        machine.kafka(),
        machine.load());
    report.settings().forEach((name, value) -> out.format("- %s: %s%n", name, value));
    out.format("%n| figure | unit | value | min - max | rounds |%n|---|---|---|---|---|%n");
    report.figures().forEach(figure -> row(out, figure));
    out.format("%n| target | wanted | measured | |%n|---|---|---|---|%n");
    report.targets().forEach(target -> row(out, target));
    report.notes().forEach(note -> out.format("%n%s%n", note));
    return text.toString();
  }

  private static void row(Formatter out, Figure figure) {
    out.format(
        "| %s | %s | %s | %s - %s | %d |%n",
        figure.name(),
        figure.unit(),
        number(figure.value()),
        number(figure.min()),
        number(figure.max()),
        figure.rounds().size());
  }

  private static void row(Formatter out, Target target) {
    out.format(
        "| %s | %s %s %s | %s | %s |%n",
        target.name(),
        target.words(),
        number(target.bound()),
        target.unit(),
        number(target.measured()),
        target.reached() ? "reached" : "**missed**");
  }

  static String number(double value) {
    String format = Math.abs(value) >= LARGE ? "%,.0f" : "%.2f";
    return String.format(Locale.ROOT, format, value);
  }
}
