package dev.parley.worker.openai;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.parley.shared.wire.Cuts;
import dev.parley.shared.wire.Dry;
import dev.parley.shared.wire.Logprobs;
import dev.parley.shared.wire.Mirostat;
import dev.parley.shared.wire.Penalties;
import dev.parley.shared.wire.ResponseFormat;
import dev.parley.shared.wire.Sampling;
import dev.parley.shared.wire.TokenRules;
import dev.parley.worker.engine.EngineRequest;
import java.nio.charset.StandardCharsets;

/// Writes the body of `POST /v1/chat/completions`.
///
/// Options that OpenAI does not have go under vLLM's and llama.cpp's names, both where they differ, and only
/// when they are on: a strict server refuses what it does not know. What is off is therefore the server's own
/// default, which is not off everywhere (llama-server: `top_k` 40, `min_p` 0.05).
final class RequestWriter {
  private RequestWriter() {}

  static byte[] body(EngineRequest request, String model) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("model", model);
    body.put("stream", true);
    body.putObject("stream_options").put("include_usage", true);
    var messages = body.putArray("messages");
    request
        .messages()
        .forEach(message ->
            messages.addObject().put("role", message.role()).put("content", message.content()));
    sampling(body, request.sampling());
    return body.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void sampling(ObjectNode body, Sampling sampling) {
    body.put("max_tokens", sampling.maxTokens());
    body.put("temperature", sampling.temperature());
    body.put("top_p", sampling.topP());
    // Not all servers take 64 bits, or a sign.
    body.put("seed", sampling.seed() & Integer.MAX_VALUE);
    if (!sampling.stop().isEmpty()) {
      var stops = body.putArray("stop");
      sampling.stop().forEach(stops::add);
    }
    if (sampling.topK() > 0) {
      body.put("top_k", sampling.topK());
    }
    putUnless(body, "min_p", sampling.minP(), 0);
    cuts(body, sampling.cuts());
    rules(body, sampling.rules());
    penalties(body, sampling.penalties());
    dry(body, sampling.dry());
    mirostat(body, sampling.mirostat());
    logprobs(body, sampling.logprobs());
    format(body, sampling.format());
  }

  private static void cuts(ObjectNode body, Cuts cuts) {
    putUnless(body, "typical_p", cuts.typicalP(), 1);
    putUnless(body, "top_n_sigma", cuts.topNSigma(), 0);
    if (cuts.xtc().active()) {
      body.put("xtc_probability", cuts.xtc().probability());
      body.put("xtc_threshold", cuts.xtc().threshold());
    }
  }

  private static void rules(ObjectNode body, TokenRules rules) {
    if (!rules.logitBias().isEmpty()) {
      ObjectNode biases = body.putObject("logit_bias");
      rules.logitBias().forEach((token, bias) -> biases.put(String.valueOf(token), bias));
    }
    if (rules.minTokens() > 0) {
      body.put("min_tokens", rules.minTokens());
    }
    if (rules.noRepeatNgramSize() > 0) {
      body.put("no_repeat_ngram_size", rules.noRepeatNgramSize());
    }
  }

  private static void penalties(ObjectNode body, Penalties penalties) {
    if (!penalties.active()) {
      return;
    }
    putUnless(body, "frequency_penalty", penalties.frequency(), 0);
    putUnless(body, "presence_penalty", penalties.presence(), 0);
    putUnless(body, "repetition_penalty", penalties.repetition(), 1);
    putUnless(body, "repeat_penalty", penalties.repetition(), 1);
    if (penalties.lastN() != Penalties.NONE.lastN()) {
      body.put("repeat_last_n", penalties.lastN());
    }
  }

  private static void dry(ObjectNode body, Dry dry) {
    if (!dry.active()) {
      return;
    }
    body.put("dry_multiplier", dry.multiplier());
    body.put("dry_base", dry.base());
    body.put("dry_allowed_length", dry.allowedLength());
    body.put("dry_penalty_last_n", dry.lastN());
    var breakers = body.putArray("dry_sequence_breakers");
    dry.breakers().forEach(breakers::add);
  }

  private static void mirostat(ObjectNode body, Mirostat mirostat) {
    if (!mirostat.active()) {
      return;
    }
    body.put("mirostat", mirostat.version());
    body.put("mirostat_mode", mirostat.version());
    body.put("mirostat_tau", mirostat.tau());
    body.put("mirostat_eta", mirostat.eta());
  }

  private static void logprobs(ObjectNode body, Logprobs logprobs) {
    if (logprobs.wanted()) {
      body.put("logprobs", true);
      if (logprobs.top() > 0) {
        body.put("top_logprobs", logprobs.top());
      }
    }
  }

  /// The grammar goes under llama-server's name; a schema as it came, kept to the letter.
  private static void format(ObjectNode body, ResponseFormat format) {
    switch (format.kind()) {
      case TEXT -> {}
      case JSON_OBJECT -> body.putObject("response_format").put("type", "json_object");
      case JSON_SCHEMA ->
          body.putObject("response_format")
              .put("type", "json_schema")
              .putObject("json_schema")
              .put("name", "answer")
              .put("strict", true)
              .putRawValue("schema", new RawValue(format.text()));
      case GRAMMAR -> body.put("grammar", format.text());
    }
  }

  private static void putUnless(ObjectNode body, String name, double value, double off) {
    if (value != off) {
      body.put(name, value);
    }
  }
}
