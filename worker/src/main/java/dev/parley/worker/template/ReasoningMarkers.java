package dev.parley.worker.template;

import dev.parley.worker.template.Value.Bool;
import dev.parley.worker.template.Value.ListValue;
import dev.parley.worker.template.Value.Str;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The texts around a model's reasoning, found by comparing renderings, as llama-server does: with
/// and without reasoning in an answer, and with thinking on and off.
///
/// @param start empty when none was found
/// @param end empty when none was found
record ReasoningMarkers(String start, String end) {
  private static final String QUESTION = "U_USER_MSG Hello END_U";
  private static final String ANSWER = "A_ASST_MSG I can help END_A";
  static final String REASONING = "REASON_PART I am thinking END_R";
  private static final int ANCHOR_CHARS = 64;
  private static final int MARKER_CHARS = 512;

  private static final String MARKER = "(?:<[^>]*>|\\[[^\\]]*\\])";
  private static final Pattern WRAPPED =
      Pattern.compile("(" + MARKER + "\\s*)" + REASONING + "(\\s*" + MARKER + "\\s*)");
  private static final Pattern CLOSED = Pattern.compile(REASONING + "\\s*(" + MARKER + "\\s*)");

  static final ReasoningMarkers NONE = new ReasoningMarkers("", "");
  private static final ReasoningMarkers THINK = new ReasoningMarkers("<think>", "</think>");

  /// Two renderings that differ in one thing.
  private record Pair(String first, String second) {}

  /// @param typed whether contents go in as lists of parts
  static ReasoningMarkers find(String source, Renderer renderer, boolean typed) {
    ReasoningMarkers found = inAnswers(renderer, typed);
    found = inGenerationPrompt(renderer, typed, found);
    found = ToolProbe.reasoning(renderer, question(typed), content(ANSWER, typed)).orElse(found);
    return corrected(source, found);
  }

  /// Templates whose markers cannot be seen by comparing.
  private static ReasoningMarkers corrected(String source, ReasoningMarkers found) {
    if (source.contains("<SPECIAL_10>")
        && source.contains("<SPECIAL_11>")
        && source.contains("<SPECIAL_12>")
        && source.contains("<TOOL_RESPONSE>")) {
      return new ReasoningMarkers("<think>\n", "</think>");
    }
    boolean onlySplits =
        source.contains("content.split('</think>')") && !source.contains("reasoning_content");
    if (onlySplits && !source.contains("<SPECIAL_12>") && found.equals(NONE)) {
      return THINK;
    }
    if (source.contains("Write your thoughts between <think></think> and write your response")) {
      return THINK;
    }
    return source.contains("laguna_glm_thinking")
        ? new ReasoningMarkers(found.start().strip(), found.end().strip())
        : found;
  }

  /// The markers around this reasoning in an output.
  static ReasoningMarkers around(String whole) {
    int at = Math.max(0, whole.indexOf(REASONING));
    int end = Math.min(whole.length(), at + REASONING.length() + MARKER_CHARS);
    String output = whole.substring(Math.max(0, at - MARKER_CHARS), end);
    Matcher wrapped = WRAPPED.matcher(output);
    if (wrapped.find()) {
      return new ReasoningMarkers(wrapped.group(1), wrapped.group(2));
    }
    Matcher closed = CLOSED.matcher(output);
    return closed.find() ? new ReasoningMarkers("", closed.group(1)) : NONE;
  }

  private static ReasoningMarkers inAnswers(Renderer renderer, boolean typed) {
    Dict plain = Capabilities.message("assistant", content(ANSWER, typed));
    Dict thinking =
        Capabilities.message("assistant", content(ANSWER, typed))
            .put("reasoning_content", Str.template(REASONING));
    Map<String, Value> variables = Map.of("enable_thinking", Bool.TRUE);
    Optional<Text> without = renderer.probe(conversation(typed, plain), variables);
    Optional<Text> with = renderer.probe(conversation(typed, thinking), variables);
    if (without.isEmpty() || with.isEmpty()) {
      return NONE;
    }
    return around(with.get().toString());
  }

  private static Value conversation(boolean typed, Dict answer) {
    return ListValue.list(List.of(question(typed), answer));
  }

  private static Dict question(boolean typed) {
    return Capabilities.message("user", content(QUESTION, typed));
  }

  private static Value content(String text, boolean typed) {
    return ChatTemplate.content(Text.template(text), typed);
  }

  private static ReasoningMarkers inGenerationPrompt(
      Renderer renderer, boolean typed, ReasoningMarkers found) {
    Value messages = ListValue.list(List.of(question(typed)));
    Optional<Text> off = renderer.probe(messages, generating(Bool.FALSE));
    Optional<Text> on = renderer.probe(messages, generating(Bool.TRUE));
    if (off.isEmpty() || on.isEmpty()) {
      return found;
    }
    Pair outputs = new Pair(off.get().toString(), on.get().toString());
    Difference difference = Difference.of(outputs.first(), outputs.second());
    boolean nothingOff = difference.left().isBlank();
    boolean nothingOn = difference.right().isBlank();
    if (nothingOff && !difference.right().isEmpty()) {
      return openedWhenOn(outputs, difference, found);
    }
    if (nothingOn && !difference.left().isEmpty()) {
      return closedWhenOff(outputs, difference, found);
    }
    return nothingOff || nothingOn ? found : atTheTail(outputs, found);
  }

  private static Map<String, Value> generating(Bool thinking) {
    return Map.of("enable_thinking", thinking, "add_generation_prompt", Bool.TRUE);
  }

  private static ReasoningMarkers openedWhenOn(
      Pair outputs, Difference difference, ReasoningMarkers found) {
    String opened = difference.right().strip();
    boolean atEnd = !opened.isEmpty() && outputs.second().endsWith(opened);
    return atEnd && found.start().isEmpty()
        ? new ReasoningMarkers(difference.right(), found.end())
        : found;
  }

  private static ReasoningMarkers closedWhenOff(
      Pair outputs, Difference difference, ReasoningMarkers found) {
    String closed = difference.left().strip();
    if (closed.isEmpty() || !outputs.first().endsWith(closed) || !found.end().isEmpty()) {
      return found;
    }
    List<Difference.Piece> pieces = Difference.solid(outputs.first());
    int last = pieces.size() - 1;
    boolean afterMarker =
        last >= 1 && pieces.get(last).text().equals(closed) && pieces.get(last - 1).marker();
    return new ReasoningMarkers(
        afterMarker ? pieces.get(last - 1).text() : found.start(), difference.left());
  }

  /// The rest of the prompt changes too: one prompt's end is looked for inside the other.
  private static ReasoningMarkers atTheTail(Pair outputs, ReasoningMarkers found) {
    return pairAfter(outputs.second(), outputs.first())
        .or(() -> pairAfter(outputs.first(), outputs.second()))
        .map(pair ->
            new ReasoningMarkers(
                found.start().isEmpty() ? pair.first() : found.start(),
                found.end().isEmpty() ? pair.second() : found.end()))
        .orElse(found);
  }

  private static Optional<Pair> pairAfter(String base, String extended) {
    String anchor = base.substring(Math.max(0, base.length() - ANCHOR_CHARS));
    int at = extended.lastIndexOf(anchor);
    if (at < 0) {
      return Optional.empty();
    }
    String extra = extended.substring(at + anchor.length()).strip();
    List<Difference.Piece> pieces = Difference.solid(extra);
    return pieces.size() == 2 && pieces.getFirst().marker() && pieces.getLast().marker()
        ? Optional.of(new Pair(pieces.getFirst().text(), pieces.getLast().text()))
        : Optional.empty();
  }
}
