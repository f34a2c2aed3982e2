package dev.parley.worker.template;

import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Runs one parsed template over messages that are already in the form it wants.
final class Renderer {
  /// The clock of probes, whose output is only compared with itself.
  private static final LocalDateTime NO_TIME = LocalDateTime.of(2000, 1, 1, 0, 0);

  private final List<Stmt> program;
  private final SpecialTokens tokens;
  private final TemplateLimits limits;

  Renderer(List<Stmt> program, SpecialTokens tokens, TemplateLimits limits) {
    this.program = program;
    this.tokens = tokens;
    this.limits = limits;
  }

  Text render(Value messages, Map<String, Value> variables, LocalDateTime now) {
    Map<String, Value> all = new HashMap<>(variables);
    all.put("messages", messages);
    all.put("bos_token", Value.Str.template(tokens.bos()));
    all.put("eos_token", Value.Str.template(tokens.eos()));
    Execution execution = new Execution(limits, now, Execution.Observer.NONE);
    return withoutAdded(Interpreter.run(program, all, execution));
  }

  /// What the tokenizer will add must not be there twice.
  private Text withoutAdded(Text prompt) {
    Text kept = prompt;
    if (tokens.addsBos() && kept.toString().startsWith(tokens.bos())) {
      kept = kept.slice(tokens.bos().length(), kept.length());
    }
    if (tokens.addsEos() && kept.toString().endsWith(tokens.eos())) {
      kept = kept.slice(0, kept.length() - tokens.eos().length());
    }
    return kept;
  }

  /// Renders for the sake of what can be learned from it; empty when the template fails.
  Optional<Text> probe(Value messages, Map<String, Value> variables) {
    try {
      return Optional.of(render(messages, variables, NO_TIME));
    } catch (TemplateException refused) {
      return Optional.empty();
    }
  }

  /// The same with a look at how the template uses the messages.
  Optional<Text> observe(Value messages, Execution.Observer observer) {
    Map<String, Value> variables =
        Map.of(
            "messages", messages,
            "tools", Value.ListValue.list(List.of()),
            "bos_token", Value.Str.template(""),
            "eos_token", Value.Str.template(""),
            "add_generation_prompt", Value.Bool.TRUE);
    try {
      return Optional.of(
          Interpreter.run(program, variables, new Execution(limits, NO_TIME, observer)));
    } catch (TemplateException refused) {
      return Optional.empty();
    }
  }
}
