package dev.parley.shared.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.parley.shared.wire.Presets;
import dev.parley.shared.wire.Sampling;
import dev.parley.shared.wire.SamplingBuilder;
import java.util.ArrayList;
import java.util.List;

/// Reads the options that say how an answer is drawn.
public final class SamplingReader {
  private static final double MAX_TEMPERATURE = 2;
  private static final double MAX_MIN_P = 0.999;
  private static final long MAX_TOP_K = 1_000_000;

  private SamplingReader() {}

  /// @param defaults what counts for options that are not sent, seed included
  public static Sampling read(Fields fields, Sampling defaults, RequestLimits limits) {
    ForeignOptions.refuse(fields);
    Sampling base = preset(fields, defaults);
    int maxTokens = maxTokens(fields, base, limits);
    SamplingBuilder sampling = base.change();
    sampling
        .maxTokens(maxTokens)
        .seed(fields.integer("seed", Long.MIN_VALUE, Long.MAX_VALUE).orElse(base.seed()))
        .stop(stop(fields, base, limits))
        .format(FormatReader.read(fields, base.format()))
        .temperature(fields.number("temperature", 0, MAX_TEMPERATURE).orElse(base.temperature()))
        .topP(fields.numberAbove("top_p", 0, 1).orElse(base.topP()))
        .topK((int) (long) fields.integer("top_k", 0, MAX_TOP_K).orElse((long) base.topK()))
        .minP(fields.number("min_p", 0, MAX_MIN_P).orElse(base.minP()));
    ControlsReader.read(fields, base, maxTokens, sampling);
    return sampling.build();
  }

  private static Sampling preset(Fields fields, Sampling defaults) {
    return fields
        .text("preset")
        .map(name ->
            Presets.DEFAULT
                .named(name, defaults)
                .orElseThrow(() ->
                    InvalidRequest.field(
                        "preset",
                        "'preset' must be one of " + String.join(", ", Presets.NAMES) + ".")))
        .orElse(defaults);
  }

  private static int maxTokens(Fields fields, Sampling base, RequestLimits limits) {
    long asked =
        fields
            .integer("max_completion_tokens", 1, Long.MAX_VALUE)
            .or(() -> fields.integer("max_tokens", 1, Long.MAX_VALUE))
            .orElse((long) base.maxTokens());
    return (int) Math.min(asked, limits.maxOutputTokens());
  }

  private static List<String> stop(Fields fields, Sampling defaults, RequestLimits limits) {
    return fields
        .present("stop")
        .map(node -> stopStrings(fields, node, limits))
        .orElse(defaults.stop());
  }

  private static List<String> stopStrings(Fields fields, JsonNode node, RequestLimits limits) {
    if (!node.isTextual() && !node.isArray()) {
      throw fields.wrongType("stop", "a string or an array of strings", node);
    }
    List<String> stops = new ArrayList<>();
    for (JsonNode entry : node instanceof ArrayNode array ? array : List.of(node)) {
      stops.add(stopString(entry, limits));
    }
    if (stops.size() > limits.maxStopStrings()) {
      throw InvalidRequest.field(
          "stop", "'stop' has more than %d strings.".formatted(limits.maxStopStrings()));
    }
    return stops;
  }

  private static String stopString(JsonNode entry, RequestLimits limits) {
    if (!entry.isTextual() || entry.textValue().isEmpty()) {
      throw InvalidRequest.field("stop", "Each stop string must be a string that is not empty.");
    }
    String stop = entry.textValue();
    if (stop.length() > limits.maxStopCharacters()) {
      throw InvalidRequest.field(
          "stop",
          "A stop string must not be longer than %d characters."
              .formatted(limits.maxStopCharacters()));
    }
    TextRules.fault(stop)
        .ifPresent(fault -> {
          throw InvalidRequest.field("stop", "A stop string " + fault + ".");
        });
    return stop;
  }
}
