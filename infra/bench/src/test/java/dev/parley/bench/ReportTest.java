package dev.parley.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReportTest {
  private static BenchReport report() {
    BenchReport.Builder builder = new BenchReport.Builder("test").setting("slots", 8);
    Figure good =
        builder.headline(Figure.median("speed", "tokens/s", List.of(3000.0, 1000.0, 1500.0)));
    Figure bad = builder.figure(Figure.median("delay", "ms", List.of(4.0, 5.0)));
    return builder
        .target(Target.atLeast(good, 1500))
        .target(Target.atMost(bad, 4))
        .note("Take it with salt.")
        .build();
  }

  @Test
  void the_median_of_an_even_number_of_rounds_lies_between_the_middle_two() {
    assertThat(Figure.medianOf(List.of(4.0, 1.0, 2.0, 100.0))).isEqualTo(3);
  }

  @Test
  void percentiles_are_samples_that_were_measured() {
    Samples samples = new Samples();
    for (int i = 1; i <= 100; i++) {
      samples.add(Duration.ofMillis(i));
    }

    assertThat(samples.percentileMs(50)).isBetween(50.0, 50.1);
    assertThat(samples.percentileMs(99)).isBetween(99.0, 99.1);
  }

  @Test
  void the_table_shows_what_was_missed_beside_what_was_reached() {
    assertThat(ReportOut.markdown(report()))
        .contains("- slots: 8\n")
        .contains("| speed | tokens/s | 1,500 | 1,000 - 3,000 | 3 |\n")
        .contains("| speed | at least 1,500 tokens/s | 1,500 | reached |\n")
        .contains("| delay | at most 4.00 ms | 4.50 | **missed** |\n")
        .endsWith("Take it with salt.\n");
  }

  @Test
  void the_file_has_every_round_and_whether_each_target_was_reached(@TempDir Path directory)
      throws IOException {
    Path file = directory.resolve("deep/report.json");
    ReportOut out = new ReportOut();
    out.file(file);

    out.write(report());

    var json = new ObjectMapper().readTree(Files.readString(file));
    assertThat(json.at("/figures/0/rounds")).hasSize(3);
    assertThat(json.at("/targets/1/reached").booleanValue()).isFalse();
    assertThat(json.at("/machine/cores").intValue()).isPositive();
    assertThat(json.at("/settings/slots").textValue()).isEqualTo("8");
  }

  @Test
  void the_overview_reads_what_was_written_and_shows_the_headlines(@TempDir Path directory)
      throws IOException {
    Path file = directory.resolve("report.json");
    ReportOut out = new ReportOut();
    out.file(file);
    out.write(report());

    String table = TableCommand.table(List.of(TableCommand.read(file)));

    assertThat(table)
        .contains("| `test` | speed | 1,500 tokens/s | 1,000 - 3,000 | at least 1,500: reached |\n")
        .doesNotContain("delay");
  }
}
