package dev.parley.worker.template;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Every template of the pinned llama.cpp release renders here as its server renders it.
class GoldenTemplatesTest {
  private static final int TEMPLATES = 70;
  private static final int SHAPES = 8;

  private final Golden golden = new Golden();

  @Test
  void every_template_renders_as_the_reference_server_does() {
    Map<String, String> differences = new TreeMap<>();
    int compared = 0;
    for (String template : golden.templates()) {
      ChatTemplate parsed = golden.parse(template);
      for (Golden.Case each : golden.cases(template)) {
        compared++;
        difference(parsed, each).ifPresent(found -> differences.put(each.name(), found));
      }
    }
    assertThat(compared).isEqualTo(TEMPLATES * SHAPES);
    assertThat(differences).isEmpty();
  }

  private Optional<String> difference(ChatTemplate template, Golden.Case expected) {
    String ours;
    try {
      ours = template.render(golden.shape(expected.shape()), golden.now()).text();
    } catch (TemplateException e) {
      boolean bothRefuse =
          e.kind() == TemplateException.Kind.RAISED
              && expected.prompt().isEmpty()
              && expected.error().equals("Error: Jinja Exception: " + e.detail());
      return bothRefuse ? Optional.empty() : Optional.of(e.toString());
    }
    return expected.prompt().equals(Optional.of(ours))
        ? Optional.empty()
        : Optional.of("\n  theirs: " + expected.prompt() + "\n  ours:   " + ours);
  }
}
