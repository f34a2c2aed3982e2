package dev.parley.shared.wire;

import java.util.List;

/// A [Sampling] in the making: set by name what is not as it was, then [#build].
public final class SamplingBuilder {
  private int maxTokens;
  private double temperature;
  private double topP;
  private int topK;
  private double minP;
  private long seed;
  private List<String> stop;
  private Cuts cuts;
  private TokenRules rules;
  private Penalties penalties;
  private Dry dry;
  private Mirostat mirostat;
  private Logprobs logprobs;
  private ResponseFormat format;

  SamplingBuilder(Sampling from) {
    maxTokens = from.maxTokens();
    temperature = from.temperature();
    topP = from.topP();
    topK = from.topK();
    minP = from.minP();
    seed = from.seed();
    stop = from.stop();
    cuts = from.cuts();
    rules = from.rules();
    penalties = from.penalties();
    dry = from.dry();
    mirostat = from.mirostat();
    logprobs = from.logprobs();
    format = from.format();
  }

  public SamplingBuilder maxTokens(int value) {
    maxTokens = value;
    return this;
  }

  public SamplingBuilder temperature(double value) {
    temperature = value;
    return this;
  }

  public SamplingBuilder topP(double value) {
    topP = value;
    return this;
  }

  public SamplingBuilder topK(int value) {
    topK = value;
    return this;
  }

  public SamplingBuilder minP(double value) {
    minP = value;
    return this;
  }

  public SamplingBuilder seed(long value) {
    seed = value;
    return this;
  }

  public SamplingBuilder stop(List<String> value) {
    stop = value;
    return this;
  }

  public SamplingBuilder cuts(Cuts value) {
    cuts = value;
    return this;
  }

  public SamplingBuilder rules(TokenRules value) {
    rules = value;
    return this;
  }

  public SamplingBuilder penalties(Penalties value) {
    penalties = value;
    return this;
  }

  public SamplingBuilder dry(Dry value) {
    dry = value;
    return this;
  }

  public SamplingBuilder mirostat(Mirostat value) {
    mirostat = value;
    return this;
  }

  public SamplingBuilder logprobs(Logprobs value) {
    logprobs = value;
    return this;
  }

  public SamplingBuilder format(ResponseFormat value) {
    format = value;
    return this;
  }

  /// @throws IllegalArgumentException when a value is out of its range
  public Sampling build() {
    return new Sampling(
        maxTokens,
        temperature,
        topP,
        topK,
        minP,
        seed,
        stop,
        cuts,
        rules,
        penalties,
        dry,
        mirostat,
        logprobs,
        format);
  }
}
