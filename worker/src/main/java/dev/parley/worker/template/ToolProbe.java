package dev.parley.worker.template;

import dev.parley.worker.template.Value.Bool;
import dev.parley.worker.template.Value.ListValue;
import dev.parley.worker.template.Value.None;
import dev.parley.worker.template.Value.Str;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Finds the reasoning markers of templates that show reasoning only in front of a tool call.
final class ToolProbe {
  private ToolProbe() {}

  /// Empty when reasoning shows without tools too, or not at all.
  static Optional<ReasoningMarkers> reasoning(Renderer renderer, Dict question, Value answer) {
    Dict plain = thinking(answer);
    Dict calling = thinking(None.NONE).put("tool_calls", list(call()));
    Map<String, Value> variables = Map.of("enable_thinking", Bool.TRUE, "tools", list(tool()));
    Optional<Text> without = renderer.probe(list(question, plain), variables);
    Optional<Text> with = renderer.probe(list(question, calling), variables);
    boolean onlyWithTools = without.isPresent() && !shows(without.get());
    return with.filter(output -> onlyWithTools && shows(output))
        .map(output -> ReasoningMarkers.around(output.toString()));
  }

  private static boolean shows(Text output) {
    return output.toString().contains(ReasoningMarkers.REASONING);
  }

  private static Dict thinking(Value content) {
    return Capabilities.message("assistant", content)
        .put("reasoning_content", Str.template(ReasoningMarkers.REASONING));
  }

  private static Dict call() {
    Dict arguments = Dict.empty().put("first", Str.template("VVVV"));
    Dict function = Dict.empty().put("name", Str.template("probe")).put("arguments", arguments);
    return Dict.empty()
        .put("id", Str.template("call00001"))
        .put("type", Str.template("function"))
        .put("function", function);
  }

  private static Dict tool() {
    Dict first =
        Dict.empty()
            .put("type", Str.template("string"))
            .put("description", Str.template("First argument"));
    Dict parameters =
        Dict.empty()
            .put("type", Str.template("object"))
            .put("properties", Dict.empty().put("first", first))
            .put("required", list());
    Dict function =
        Dict.empty()
            .put("name", Str.template("probe"))
            .put("description", Str.template("A function"))
            .put("parameters", parameters);
    return Dict.empty().put("type", Str.template("function")).put("function", function);
  }

  private static ListValue list(Value... items) {
    return ListValue.list(List.of(items));
  }
}
