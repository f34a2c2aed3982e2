package dev.parley.shared.openai;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/// Options of llama-server and vLLM that would change the answer and are another's here, or nobody's: ignored, they
/// would leave their sender with answers that are not drawn as asked.
///
/// @param harmless values that change nothing, as clients send them by default
/// @param instead what to send here; empty when there is nothing
record ForeignOptions(Predicate<JsonNode> harmless, String instead) {
  private static final Map<String, ForeignOptions> BY_NAME =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("n_predict", of(node -> node.asLong() == -1, "max_tokens")),
              Map.entry("repeat_penalty", of(node -> isNumber(node, 1), "repetition_penalty")),
              Map.entry("mirostat", of(node -> isNumber(node, 0), "mirostat_mode")),
              Map.entry("n_probs", of(node -> isNumber(node, 0), "logprobs")),
              Map.entry("ignore_eos", of(ForeignOptions::isFalse, "min_tokens")),
              Map.entry("bad_words", of(JsonNode::isEmpty, "logit_bias")),
              Map.entry("stop_token_ids", of(JsonNode::isEmpty, "stop")),
              Map.entry("json_schema", of(JsonNode::isEmpty, "")),
              Map.entry("samplers", of(JsonNode::isEmpty, "")),
              Map.entry("lora", of(JsonNode::isEmpty, "")),
              Map.entry("allowed_token_ids", of(JsonNode::isEmpty, "")),
              Map.entry("min_keep", of(node -> isNumber(node, 0), "")),
              Map.entry("dynatemp_range", of(node -> isNumber(node, 0), "")),
              Map.entry("adaptive_target", of(node -> node.asDouble() < 0, "")),
              Map.entry("use_beam_search", of(ForeignOptions::isFalse, "")),
              Map.entry("best_of", of(node -> isNumber(node, 1), ""))));

  private static ForeignOptions of(Predicate<JsonNode> harmless, String instead) {
    return new ForeignOptions(harmless, instead);
  }

  /// @throws InvalidRequest naming the first of them that would change the answer
  static void refuse(Fields fields) {
    BY_NAME.forEach((name, option) ->
        fields
            .present(name)
            .filter(Predicate.not(option.harmless))
            .ifPresent(node -> {
              throw new InvalidRequest(
                  ApiError.invalid(
                      fields.path(name), "unsupported_parameter", option.message(name)));
            }));
  }

  private String message(String name) {
    return instead.isEmpty()
        ? "'%s' is not supported by this server with this value.".formatted(name)
        : "'%s' is not supported by this server: use '%s'.".formatted(name, instead);
  }

  private static boolean isNumber(JsonNode node, double value) {
    return node.isNumber() && node.doubleValue() == value;
  }

  private static boolean isFalse(JsonNode node) {
    return node.isBoolean() && !node.booleanValue();
  }
}
