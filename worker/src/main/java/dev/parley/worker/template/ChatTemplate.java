package dev.parley.worker.template;

import dev.parley.shared.wire.ChatMessage;
import dev.parley.worker.template.Value.Bool;
import dev.parley.worker.template.Value.ListValue;
import dev.parley.worker.template.Value.Str;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A model's chat template: turns a conversation into the prompt that the model was trained on.
///
/// What it does around the template is what llama-server of the pinned release does, so that a
/// model behaves here as it does there: a final assistant message is continued and not closed, a
/// template that has no system role gets the system message in front of the next one, `developer`
/// counts as `system`, the vocabulary's own BOS is not repeated. The golden tests hold it to that,
/// byte for byte.
///
/// Immutable and safe for many threads.
public final class ChatTemplate {
  /// What a message may be; the template reads it as a plain word.
  public static final Set<String> ROLES =
      Set.of("system", "developer", "user", "assistant", "tool");

  private static final String SYSTEM = "system";

  /// The names by which templates ask whether earlier answers keep their reasoning: they do.
  private static final Map<String, Value> KEEP_REASONING =
      Map.of(
          "preserve_reasoning", Bool.TRUE,
          "preserve_thinking", Bool.TRUE,
          "clear_thinking", Bool.FALSE,
          "truncate_history_thinking", Bool.FALSE,
          "drop_thinking", Bool.FALSE);

  private static final String GEMMA_TURN_END = "<turn|>\n";
  private static final String GEMMA_ANSWER = "<|turn>model\n";

  private final Renderer renderer;
  private final Capabilities capabilities;
  private final Optional<PromptFormat> format;
  private final ReasoningMarkers reasoning;
  private final boolean trimsContents;
  private final boolean mapsDeveloper;

  private ChatTemplate(String source, SpecialTokens tokens, TemplateLimits limits) {
    this.renderer = new Renderer(Parser.parse(rewritten(source), limits), tokens, limits);
    this.capabilities = Capabilities.of(renderer);
    this.format = PromptFormat.of(source);
    this.reasoning = ReasoningMarkers.find(source, renderer, capabilities.typedContentOnly());
    this.trimsContents =
        source.contains("You have access to the following functions in JSONSchema format");
    this.mapsDeveloper = !source.contains("<|channel|>");
  }

  /// Parses a template under the default limits.
  ///
  /// @throws TemplateException when the source is not a template that can be evaluated
  public static ChatTemplate parse(String source, SpecialTokens tokens) {
    return parse(source, tokens, TemplateLimits.DEFAULT);
  }

  /// Parses a template and finds out, by rendering probes, what it supports.
  ///
  /// @throws TemplateException when the source is not a template that can be evaluated
  public static ChatTemplate parse(String source, SpecialTokens tokens, TemplateLimits limits) {
    return new ChatTemplate(source, tokens, limits);
  }

  /// Two checks that refuse ordinary conversations, which llama-server takes out as well.
  private static String rewritten(String source) {
    return source
        .replace(
            "{%- if \"<|channel|>analysis<|message|>\" in message.content or "
                + "\"<|channel|>final<|message|>\" in message.content %}",
            "{%- if false %}")
        .replace(
            "{%- if (message['content'] is none or message['content'] == '' or "
                + "message['content']|length == 0) and (message['tool_calls'] is not defined or "
                + "message['tool_calls'] is none or message['tool_calls']|length == 0) %}",
            "{%- if false %}");
  }

  /// Renders a conversation. A final assistant message that is not empty is continued: the prompt
  /// ends with its content. Otherwise the prompt ends where the answer begins.
  ///
  /// @param messages at least one, each with one of [#ROLES]
  /// @param now for templates that tell the model the date
  /// @throws TemplateException when the template refuses the messages or costs too much
  /// @throws IllegalArgumentException for no messages or an unknown role
  public RenderedPrompt render(List<ChatMessage> messages, LocalDateTime now) {
    List<Turn> turns = turns(messages);
    Turn last = turns.getLast();
    if (!last.role().equals("assistant")) {
      return new RenderedPrompt(generating(turns, now).segments());
    }
    List<Turn> before = turns.subList(0, turns.size() - 1);
    return new RenderedPrompt(
        (last.content().isEmpty() ? generating(before, now) : continued(before, last, now))
            .segments());
  }

  private static List<Turn> turns(List<ChatMessage> messages) {
    if (messages.isEmpty()) {
      throw new IllegalArgumentException("a conversation needs a message");
    }
    List<Turn> turns = new ArrayList<>();
    for (ChatMessage message : messages) {
      if (!ROLES.contains(message.role())) {
        throw new IllegalArgumentException("unknown role '" + message.role() + "'");
      }
      turns.add(new Turn(message.role(), Text.of(message.content(), turns.size())));
    }
    return turns;
  }

  private Text generating(List<Turn> turns, LocalDateTime now) {
    Text prompt = rendered(turns, true, now);
    boolean gemmaForgot =
        format.filter(PromptFormat.GEMMA_4::equals).isPresent()
            && prompt.toString().endsWith(GEMMA_TURN_END);
    return gemmaForgot ? prompt.concat(Text.template(GEMMA_ANSWER)) : prompt;
  }

  private Text continued(List<Turn> before, Turn last, LocalDateTime now) {
    Text prompt = rendered(before, false, now);
    return prompt.concat(Text.template(opener(prompt, before, now))).concat(last.content());
  }

  private String opener(Text prompt, List<Turn> before, LocalDateTime now) {
    if (format.isPresent()) {
      boolean gemma = format.get() == PromptFormat.GEMMA_4;
      String turn = gemma && prompt.toString().endsWith(GEMMA_TURN_END) ? GEMMA_ANSWER : "";
      return turn + format.get().opener(generationPrompt(prompt, before, now));
    }
    String generation = generationPrompt(prompt, before, now);
    if (reasoning.start().isEmpty()) {
      return generation;
    }
    int at = generation.indexOf(reasoning.start());
    String opened = at < 0 ? generation : generation.substring(0, at);
    return opened + reasoning.start() + reasoning.end();
  }

  private String generationPrompt(Text prompt, List<Turn> before, LocalDateTime now) {
    String generating = rendered(before, true, now).toString();
    return generating.substring(Difference.commonPrefix(prompt.toString(), generating));
  }

  private Text rendered(List<Turn> turns, boolean addGenerationPrompt, LocalDateTime now) {
    Map<String, Value> variables = new HashMap<>(KEEP_REASONING);
    variables.put("enable_thinking", Bool.of(thinks()));
    variables.put("date_string", Str.template(TimeFormat.format("%d %b %Y", now)));
    variables.put("datetime", Str.template(TimeFormat.format("%b %d %Y", now)));
    if (addGenerationPrompt) {
      variables.put("add_generation_prompt", Bool.TRUE);
    }
    return renderer.render(messages(prepared(turns)), variables, now);
  }

  private boolean thinks() {
    return format.map(PromptFormat::thinks).orElse(!reasoning.equals(ReasoningMarkers.NONE));
  }

  private List<Turn> prepared(List<Turn> turns) {
    List<Turn> prepared = new ArrayList<>();
    for (Turn turn : turns) {
      boolean developer = mapsDeveloper && turn.role().equals("developer");
      Turn named = developer ? turn.withRole(SYSTEM) : turn;
      prepared.add(trimsContents ? named.withContent(trimmed(named.content())) : named);
    }
    return capabilities.systemRole() ? prepared : withoutSystem(prepared);
  }

  private static Text trimmed(Text text) {
    int start = 0;
    int end = text.length();
    while (start < end && Ascii.isSpace(text.toString().charAt(start))) {
      start++;
    }
    while (end > start && Ascii.isSpace(text.toString().charAt(end - 1))) {
      end--;
    }
    return text.slice(start, end);
  }

  private static List<Turn> withoutSystem(List<Turn> turns) {
    if (turns.isEmpty() || !turns.getFirst().role().equals(SYSTEM)) {
      return turns;
    }
    List<Turn> rest = new ArrayList<>(turns.subList(1, turns.size()));
    if (!rest.isEmpty()) {
      Text system = turns.getFirst().content().concat(Text.template("\n"));
      rest.set(0, rest.getFirst().withContent(system.concat(rest.getFirst().content())));
    }
    return rest;
  }

  private Value messages(List<Turn> turns) {
    List<Value> messages = new ArrayList<>();
    for (Turn turn : turns) {
      boolean typed =
          capabilities.typedContentOnly()
              || format.map(known -> known.typedContent(turn.role())).orElse(false);
      messages.add(Capabilities.message(turn.role(), content(turn.content(), typed)));
    }
    return ListValue.list(messages);
  }

  /// A message's content in the form that a template wants: a string, or a list with one part.
  static Value content(Text text, boolean typed) {
    Str string = new Str(text);
    return typed
        ? ListValue.list(
            List.of(Dict.empty().put("type", Str.template("text")).put("text", string)))
        : string;
  }
}
