package dev.parley.shared.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.shared.wire.Cuts;
import dev.parley.shared.wire.Dry;
import dev.parley.shared.wire.Logprobs;
import dev.parley.shared.wire.Mirostat;
import dev.parley.shared.wire.Penalties;
import dev.parley.shared.wire.Sampling;
import dev.parley.shared.wire.SamplingBuilder;
import dev.parley.shared.wire.TokenRules;
import dev.parley.shared.wire.Xtc;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Reads the rarer options: OpenAI's under their names, the others under those of llama.cpp and vLLM.
final class ControlsReader {
  private static final long MAX_LAST_N = 1_000_000;

  /// Nine digits, so that it is an `int`.
  private static final Pattern TOKEN_ID = Pattern.compile("[0-9]{1,9}");

  private ControlsReader() {}

  /// @param base what counts for options that are not sent
  /// @param maxTokens of the answer
  static void read(Fields fields, Sampling base, int maxTokens, SamplingBuilder into) {
    into.cuts(cuts(fields, base.cuts()))
        .rules(rules(fields, base.rules(), maxTokens))
        .penalties(penalties(fields, base.penalties()))
        .dry(dry(fields, base.dry()))
        .mirostat(mirostat(fields, base.mirostat()));
  }

  /// `logprobs` and `top_logprobs`, for those who can answer with them.
  static Logprobs logprobs(Fields fields) {
    boolean wanted = fields.flag("logprobs");
    int top = integer(fields, "top_logprobs", 0, Logprobs.MAX_TOP, 0);
    if (top > 0 && !wanted) {
      throw InvalidRequest.field(
          "top_logprobs", "'top_logprobs' is only allowed when 'logprobs' is true.");
    }
    return new Logprobs(wanted, top);
  }

  private static Cuts cuts(Fields fields, Cuts base) {
    return new Cuts(
        fields.numberAbove("typical_p", 0, 1).orElse(base.typicalP()),
        fields.number("top_n_sigma", 0, Cuts.MAX_TOP_N_SIGMA).orElse(base.topNSigma()),
        new Xtc(
            fields.number("xtc_probability", 0, 1).orElse(base.xtc().probability()),
            fields.number("xtc_threshold", 0, 1).orElse(base.xtc().threshold())));
  }

  private static TokenRules rules(Fields fields, TokenRules base, int maxTokens) {
    int minTokens = integer(fields, "min_tokens", 0, Integer.MAX_VALUE, base.minTokens());
    if (minTokens > maxTokens) {
      throw InvalidRequest.field(
          "min_tokens",
          "'min_tokens' must not be more than the answer's longest, which is %d here."
              .formatted(maxTokens));
    }
    return new TokenRules(
        biases(fields).orElse(base.logitBias()),
        minTokens,
        integer(fields, "no_repeat_ngram_size", 0, TokenRules.MAX_NGRAM, base.noRepeatNgramSize()));
  }

  private static Optional<Map<Integer, Double>> biases(Fields fields) {
    return fields
        .present("logit_bias")
        .map(node -> {
          if (!(node instanceof ObjectNode object)) {
            throw fields.wrongType("logit_bias", "an object", node);
          }
          return biases(object);
        });
  }

  private static Map<Integer, Double> biases(ObjectNode object) {
    if (object.size() > TokenRules.MAX_BIASES) {
      throw InvalidRequest.field(
          "logit_bias", "'logit_bias' has more than %d tokens.".formatted(TokenRules.MAX_BIASES));
    }
    Fields biases = new Fields(object, "logit_bias.");
    Map<Integer, Double> read = new HashMap<>();
    for (String name : object.propertyStream().map(Map.Entry::getKey).toList()) {
      if (!TOKEN_ID.matcher(name).matches()) {
        throw InvalidRequest.field(
            "logit_bias", "'logit_bias' must map token ids to numbers; a key is no token id.");
      }
      biases
          .number(name, -TokenRules.MAX_BIAS, TokenRules.MAX_BIAS)
          .ifPresent(bias -> read.put(Integer.valueOf(name), bias));
    }
    return read;
  }

  private static Penalties penalties(Fields fields, Penalties base) {
    double most = Penalties.MAX_FREQUENCY;
    return new Penalties(
        fields
            .numberAbove("repetition_penalty", 0, Penalties.MAX_REPETITION)
            .orElse(base.repetition()),
        fields.number("frequency_penalty", -most, most).orElse(base.frequency()),
        fields.number("presence_penalty", -most, most).orElse(base.presence()),
        integer(fields, "repeat_last_n", -1, MAX_LAST_N, base.lastN()));
  }

  private static Dry dry(Fields fields, Dry base) {
    return new Dry(
        fields.number("dry_multiplier", 0, Dry.MAX_MULTIPLIER).orElse(base.multiplier()),
        fields.number("dry_base", 1, Dry.MAX_BASE).orElse(base.base()),
        integer(fields, "dry_allowed_length", 1, Dry.MAX_ALLOWED_LENGTH, base.allowedLength()),
        integer(fields, "dry_penalty_last_n", -1, MAX_LAST_N, base.lastN()),
        breakers(fields).orElse(base.breakers()));
  }

  private static Optional<List<String>> breakers(Fields fields) {
    String name = "dry_sequence_breakers";
    return fields
        .present(name)
        .map(node -> {
          if (!(node instanceof ArrayNode array)) {
            throw fields.wrongType(name, "an array of strings", node);
          }
          if (array.size() > Dry.MAX_BREAKERS) {
            throw InvalidRequest.field(
                name, "'%s' has more than %d strings.".formatted(name, Dry.MAX_BREAKERS));
          }
          List<String> breakers = new ArrayList<>();
          array.forEach(entry -> breakers.add(breaker(name, entry)));
          return breakers;
        });
  }

  private static String breaker(String name, JsonNode entry) {
    if (!entry.isTextual()
        || entry.textValue().isEmpty()
        || entry.textValue().length() > Dry.MAX_BREAKER_CHARS) {
      throw InvalidRequest.field(
          name,
          "Each of '%s' must be a string of 1 to %d characters."
              .formatted(name, Dry.MAX_BREAKER_CHARS));
    }
    TextRules.fault(entry.textValue())
        .ifPresent(fault -> {
          throw InvalidRequest.field(name, "A sequence breaker " + fault + ".");
        });
    return entry.textValue();
  }

  private static Mirostat mirostat(Fields fields, Mirostat base) {
    return new Mirostat(
        integer(fields, "mirostat_mode", 0, 2, base.version()),
        fields.number("mirostat_tau", 0, Mirostat.MAX_TAU).orElse(base.tau()),
        fields.numberAbove("mirostat_eta", 0, 1).orElse(base.eta()));
  }

  private static int integer(Fields fields, String name, long min, long max, int otherwise) {
    return (int) (long) fields.integer(name, min, max).orElse((long) otherwise);
  }
}
