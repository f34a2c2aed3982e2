package dev.parley.bench;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Formatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `parley bench table FILE...`: the table of docs/bench, from the reports that benches wrote.
@Command(
    name = "table",
    description = "One table of the headlines of several reports.",
    mixinStandardHelpOptions = true)
final class TableCommand implements Callable<Integer> {
  /// A target is written with what was made of it, which is not read back.
  private static final ObjectMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  @Parameters(paramLabel = "FILE", arity = "1..*", description = "Written with --out.")
  private List<Path> files = List.of();

  @Override
  public Integer call() throws IOException {
    List<BenchReport> reports = new ArrayList<>();
    for (Path file : files) {
      reports.add(read(file));
    }
    System.out.print(table(reports));
    return 0;
  }

  static BenchReport read(Path file) throws IOException {
    return JSON.readValue(file.toFile(), BenchReport.class);
  }

  static String table(List<BenchReport> reports) {
    StringBuilder text = new StringBuilder();
    Formatter out = new Formatter(text, Locale.ROOT);
    Machine machine = reports.getFirst().machine();
    out.format(
        "%s, %d cores, %s, JDK %s, Kafka %s; %s:%n%n",
        machine.cpu(),
        machine.cores(),
        machine.memory(),
        machine.jdk(),
        machine.kafka(),
        machine.date());
    out.format("| bench | figure | value | min - max | target |%n|---|---|---|---|---|%n");
    for (BenchReport report : reports) {
      report.figures().stream()
          .filter(figure -> report.headlines().contains(figure.name()))
          .forEach(figure -> row(out, report, figure));
    }
    return text.toString();
  }

  private static void row(Formatter out, BenchReport report, Figure figure) {
    out.format(
        "| `%s` | %s | %s %s | %s - %s | %s |%n",
        report.bench(),
        figure.name(),
        ReportOut.number(figure.value()),
        figure.unit(),
        ReportOut.number(figure.min()),
        ReportOut.number(figure.max()),
        target(report, figure).map(TableCommand::words).orElse(""));
  }

  private static Optional<Target> target(BenchReport report, Figure figure) {
    return report.targets().stream()
        .filter(target -> target.name().equals(figure.name()))
        .findFirst();
  }

  private static String words(Target target) {
    return target.words()
        + " "
        + ReportOut.number(target.bound())
        + (target.reached() ? ": reached" : ": **missed**");
  }
}
