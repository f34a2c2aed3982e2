package dev.parley.worker.template;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Prompt formats that llama-server knows by name, recognized by texts in the template's source.
///
/// What matters here is how an answer that goes on is opened: most of these formats put reasoning
/// before the answer, and a continued answer has to come after an empty, closed one.
@SuppressWarnings("ImmutableEnumChecker") // the lists are made by List.of
enum PromptFormat {
  MINISTRAL("[THINK][/THINK]", List.of("[SYSTEM_PROMPT]", "[TOOL_CALLS]", "[ARGS]"), "[CALL_ID]"),
  GPT_OSS(
      "<|start|>assistant<|channel|>analysis<|message|><|end|>"
          + "<|start|>assistant<|channel|>final<|message|>",
      List.of("<|channel|>")),
  MUSE(
      "<|start|>assistant to=self<|message|><|eom|><|start|>assistant to=user<|message|>",
      List.of("<atem:function_calls>", "<|eom|>")),
  FUNCTIONARY(
      "<|start_header_id|>assistant<|end_header_id|>\n\n>>>all\n",
      List.of(">>>all", ">>>${recipient}")),
  KIMI_K2(
      "<|im_assistant|>assistant<|im_middle|><think></think>",
      List.of("<|tool_calls_section_begin|>", "<|tool_call_begin|>")),
  KIMI_K3(
      "<|open|>message role=\"assistant\"<|sep|><|open|>think<|sep|><|close|>think<|sep|>"
          + "<|open|>response<|sep|>",
      List.of("<|open|>", "<|close|>", "<|end_of_msg|>")),
  LING("<role>ASSISTANT</role>\n<think></think>", List.of("<role>ASSISTANT</role>", "<arg_key>")),
  COHERE(
      "<|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|><|START_THINKING|><|END_THINKING|><|START_TEXT|>",
      List.of("<|START_TEXT|>", "<|START_ACTION|>")),
  LFM2(
      "<|im_start|>assistant\n<think></think>",
      List.of("<|tool_list_start|>", "<|tool_list_end|>")),
  LFM2_5(
      "<|im_start|>assistant\n<think></think>", List.of("List of tools: ["), "<|tool_list_start|>"),
  GIGACHAT(
      "assistant<|role_sep|>\n", List.of("<|role_sep|>", "<|message_sep|>"), "<|function_call|>"),
  MINIMAX(
      PromptFormat.GENERATION_PROMPT + "<mm:think></mm:think>",
      List.of("]<]minimax[>[", "<tool_call>", "<invoke name=")),
  DEEPSEEK_V3_2("<｜Assistant｜><think></think>", List.of("dsml_token", "DSML", "function_calls")),
  DEEPSEEK_V4("<｜Assistant｜></think>", List.of("dsml_token", "DSML", "tool_calls")),
  GEMMA_4("<|channel>thought\n<channel|>", List.of("'<|tool_call>call:'")),
  MINICPM(
      "<|im_start|>assistant\n<think>\n\n</think>\n\n",
      List.of("Tool usage guidelines:", "<function name=\"", "<param name=\"")),
  QWEN_THINKING(
      "<|im_start|>assistant\n<think>\n\n</think>\n\n",
      List.of("<tool_call>", "<function=", "<parameter=", "<think>"),
      PromptFormat.GLUED_CALL),
  QWEN_CODER(
      "<|im_start|>assistant\n",
      List.of("<tool_call>", "<function=", "<parameter="),
      PromptFormat.GLUED_CALL);

  /// Stands for the template's own generation prompt.
  static final String GENERATION_PROMPT = "\0";

  private static final String GLUED_CALL = "'<tool_call><function=' ~ tool_call.name ~ '>'";

  private final String opener;
  private final List<String> marks;
  private final Optional<String> absent;

  PromptFormat(String opener, List<String> marks) {
    this.opener = opener;
    this.marks = marks;
    this.absent = Optional.empty();
  }

  PromptFormat(String opener, List<String> marks, String absent) {
    this.opener = opener;
    this.marks = marks;
    this.absent = Optional.of(absent);
  }

  /// The first of the formats that the source shows.
  static Optional<PromptFormat> of(String source) {
    return Arrays.stream(values()).filter(format -> format.isIn(source)).findFirst();
  }

  private boolean isIn(String source) {
    return marks.stream().allMatch(source::contains) && absent.filter(source::contains).isEmpty();
  }

  /// What comes before the continued answer, after a prompt without a generation prompt.
  String opener(String generationPrompt) {
    return opener.replace(GENERATION_PROMPT, generationPrompt);
  }

  /// Whether such a model can be told to think before it answers.
  boolean thinks() {
    return this != FUNCTIONARY && this != GIGACHAT && this != QWEN_CODER;
  }

  /// Whether these roles' contents go in as lists of parts.
  boolean typedContent(String role) {
    return this == MINISTRAL && (role.equals("system") || role.equals("assistant"));
  }
}
