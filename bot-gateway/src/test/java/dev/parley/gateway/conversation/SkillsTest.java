package dev.parley.gateway.conversation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.shared.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SkillsTest {
  private static final Locale RUSSIAN = Locale.of("ru");

  @TempDir private Path dir;

  @Test
  void ours_have_words_in_both_languages() {
    assertThat(Skills.ours().all())
        .extracting(Skill::name)
        .containsExactly(
            "ask",
            "summarize",
            "actions",
            "translate",
            "rewrite",
            "extract",
            "classify",
            "critic",
            "code");
    assertThat(Skills.ours().all())
        .allSatisfy(skill -> {
          assertThat(skill.about(Locale.ENGLISH)).isNotBlank();
          assertThat(skill.about(RUSSIAN)).isNotBlank().isNotEqualTo(skill.about(Locale.ENGLISH));
          assertThat(skill.title(RUSSIAN)).isNotEqualTo(skill.title(Locale.ENGLISH));
        });
  }

  @Test
  void a_teams_own_come_on_top_or_in_the_place_of_ours() throws IOException {
    Skills skills =
        Skills.with(
            file(
                """
                pirate: {instructions: Talk like a pirate., history: false}
                code: {instructions: Write Java., title: {en: Java}}
                """));

    assertThat(skills.find("pirate").orElseThrow())
        .satisfies(pirate -> {
          assertThat(pirate.title(RUSSIAN)).isEqualTo("pirate");
          assertThat(pirate.about(RUSSIAN)).isEmpty();
          assertThat(pirate.history()).isFalse();
        });
    assertThat(skills.find("code").orElseThrow().title(RUSSIAN)).isEqualTo("Java");
    assertThat(skills.all()).hasSize(Skills.ours().all().size() + 1);
  }

  @Test
  void a_file_with_a_mistake_is_refused_with_its_place() throws IOException {
    assertRefused("pirate: {title: {en: Pirate}}", "instructions");
    assertRefused("pirate: {instructions: x, presets: precise}", "presets");
    assertRefused("pirate: {instructions: x, preset: wild}", "wild");
    assertRefused("pirate: {instructions: x, about: {en: sails, sings}}", "quotes");
    assertRefused("Pirate King: {instructions: x}", "Pirate King");
    assertRefused("a: {instructions: x}\na: {instructions: y}", "line 2");
    assertRefused("- a\n- b", "line 1");
    assertThatThrownBy(() -> Skills.with(dir.resolve("none.yaml")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("none.yaml");
  }

  private void assertRefused(String yaml, String reason) throws IOException {
    Path file = file(yaml);
    assertThatThrownBy(() -> Skills.with(file))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("PARLEY_SKILLS")
        .hasMessageContaining(file.toString())
        .hasMessageContaining(reason);
  }

  private Path file(String yaml) throws IOException {
    return Files.writeString(dir.resolve("skills.yaml"), yaml);
  }
}
