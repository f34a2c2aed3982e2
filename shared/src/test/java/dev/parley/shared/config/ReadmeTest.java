package dev.parley.shared.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReadmeTest {

  @Test
  void the_readme_lists_every_setting_as_it_is_declared() throws IOException {
    List<String> rows =
        Files.readAllLines(Path.of("..", "README.md")).stream()
            .filter(line -> line.matches("\\| `[A-Z]+_[A-Z_]+` \\|.*"))
            .toList();

    assertThat(rows).isEqualTo(Settings.all().stream().map(ReadmeTest::row).toList());
  }

  private static String row(Setting<?> setting) {
    return "| `%s` | %s | %s | %s |"
        .formatted(
            setting.name(),
            setting.unit(),
            setting.defaultText().map(text -> "`" + text + "`").orElse(""),
            setting.doc());
  }
}
