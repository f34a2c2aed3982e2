package dev.parley.worker.model;

import java.util.Map;

/// Adds a number to the logits of given tokens: OpenAI's `logit_bias`, `llama_sampler_init_logit_bias`.
final class LogitBias {
  private LogitBias() {}

  /// @param biases those of tokens that the vocabulary does not have do nothing
  static void apply(LogitRow row, Map<Integer, Double> biases) {
    biases.forEach((id, bias) -> {
      if (id < row.size()) {
        row.set(id, (float) (row.get(id) + bias));
      }
    });
  }
}
