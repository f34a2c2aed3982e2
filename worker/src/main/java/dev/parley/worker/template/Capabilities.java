package dev.parley.worker.template;

import dev.parley.worker.template.Execution.Use;
import dev.parley.worker.template.Value.ListValue;
import dev.parley.worker.template.Value.Str;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What forms of messages a template understands, found out by rendering probes and watching which
/// values it touches, as llama-server does.
///
/// @param typedContentOnly contents must be lists of `{type: text, text: ...}`
/// @param systemRole the template reads a system message's content
record Capabilities(boolean typedContentOnly, boolean systemRole) {
  private static final String MARKER = "STRING_MARKER";

  static Capabilities of(Renderer renderer) {
    return new Capabilities(typedContentOnly(renderer), systemRole(renderer));
  }

  private static boolean typedContentOnly(Renderer renderer) {
    Str content = Str.template(MARKER);
    Set<Use> uses = EnumSet.noneOf(Use.class);
    Optional<Text> output =
        renderer.observe(ListValue.list(List.of(message("user", content))), watch(content, uses));
    boolean asList = usedAsList(uses);
    boolean shown = output.isPresent() && output.get().toString().contains(MARKER);
    boolean takesStrings = asList ? shown : output.isPresent();
    boolean typed = asList || (uses.contains(Use.TESTED_AS_STRING) && takesLists(renderer));
    return typed && !takesStrings;
  }

  private static boolean takesLists(Renderer renderer) {
    ListValue content = ListValue.list(List.of());
    Set<Use> uses = EnumSet.noneOf(Use.class);
    return renderer
            .observe(ListValue.list(List.of(message("user", content))), watch(content, uses))
            .isPresent()
        && usedAsList(uses);
  }

  private static boolean usedAsList(Set<Use> uses) {
    return uses.contains(Use.ITERATED) || uses.contains(Use.INDEXED) || uses.contains(Use.SELECTED);
  }

  private static boolean systemRole(Renderer renderer) {
    Str content = Str.template("System message");
    Set<Use> uses = EnumSet.noneOf(Use.class);
    renderer.observe(
        ListValue.list(
            List.of(message("system", content), message("user", Str.template("User message")))),
        watch(content, uses));
    return !uses.isEmpty();
  }

  @SuppressWarnings("ReferenceEquality") // this very content, not another of the same text
  private static Execution.Observer watch(Value watched, Set<Use> uses) {
    return (value, use) -> {
      if (value == watched) {
        uses.add(use);
      }
    };
  }

  static Dict message(String role, Value content) {
    return Dict.empty().put("role", Str.template(role)).put("content", content);
  }
}
