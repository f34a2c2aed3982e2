package dev.parley.worker.template;

import java.time.LocalDateTime;
import java.util.Map;

/// Renders bare templates in tests of the language.
final class Rendering {
  static final LocalDateTime NOW = LocalDateTime.of(2026, 3, 5, 14, 7, 9);

  private Rendering() {}

  static String render(String source) {
    return render(source, Map.of());
  }

  static String render(String source, Map<String, Value> variables) {
    return text(source, variables, TemplateLimits.DEFAULT).toString();
  }

  static Text text(String source, Map<String, Value> variables, TemplateLimits limits) {
    Execution execution = new Execution(limits, NOW, Execution.Observer.NONE);
    return Interpreter.run(Parser.parse(source, limits), variables, execution);
  }
}
