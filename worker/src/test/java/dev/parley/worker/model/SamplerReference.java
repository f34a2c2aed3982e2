package dev.parley.worker.model;

import dev.parley.shared.wire.Dry;
import dev.parley.shared.wire.Penalties;
import dev.parley.shared.wire.Sampling;
import dev.parley.shared.wire.TokenRules;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;

/// The sampler by its definition: lists, everything sorted, every repetition searched for. Tokens as in
/// [SamplerRig].
final class SamplerReference {
  private final Sampling sampling;
  private final List<Integer> tokens;
  private final int answered;

  SamplerReference(Sampling sampling, List<Integer> tokens, int answered) {
    this.sampling = sampling;
    this.tokens = tokens;
    this.answered = answered;
  }

  int choose(float[] original) {
    float[] logits = original.clone();
    change(logits);
    List<Integer> ids =
        new ArrayList<>(
            IntStream.range(0, logits.length)
                .boxed()
                .filter(id -> logits[id] > Float.NEGATIVE_INFINITY)
                .sorted(Comparator.comparingDouble(id -> -logits[id]))
                .toList());
    if (sampling.temperature() == 0) {
      return ids.getFirst();
    }
    return draw(cut(ids, logits), logits);
  }

  /// The first line of the chain.
  void change(float[] logits) {
    TokenRules rules = sampling.rules();
    rules
        .logitBias()
        .forEach((id, bias) -> {
          if (id < logits.length) {
            logits[id] += bias.floatValue();
          }
        });
    ban(logits, rules);
    penalize(logits, sampling.penalties());
    if (sampling.dry().active()) {
      dryPenalties(sampling.dry())
          .forEach((id, penalty) -> logits[id] = (float) (logits[id] - penalty));
    }
  }

  private void ban(float[] logits, TokenRules rules) {
    Set<Integer> banned = new HashSet<>();
    if (answered < rules.minTokens()) {
      banned.add(SamplerRig.END);
    }
    int n = rules.noRepeatNgramSize();
    for (int id = 0; n > 0 && n <= tokens.size() + 1 && id < logits.length; id++) {
      List<Integer> ngram = new ArrayList<>(tokens.subList(tokens.size() - n + 1, tokens.size()));
      ngram.add(id);
      if (Collections.indexOfSubList(tokens, ngram) >= 0) {
        banned.add(id);
      }
    }
    if (IntStream.range(0, logits.length).anyMatch(id -> !banned.contains(id))) {
      banned.forEach(id -> logits[id] = Float.NEGATIVE_INFINITY);
    }
  }

  private List<Integer> last(int count) {
    return tokens.subList(count < 0 ? 0 : Math.max(0, tokens.size() - count), tokens.size());
  }

  private void penalize(float[] logits, Penalties p) {
    List<Integer> window = last(p.lastN());
    for (int id : new HashSet<>(window)) {
      double l = logits[id] > 0 ? logits[id] / p.repetition() : logits[id] * p.repetition();
      logits[id] = (float) (l - Collections.frequency(window, id) * p.frequency() - p.presence());
    }
  }

  Map<Integer, Double> dryPenalties(Dry dry) {
    List<Integer> window = last(dry.lastN());
    int unbroken = window.size() - 1 - window.lastIndexOf(SamplerRig.BREAKER);
    Map<Integer, Double> penalties = new TreeMap<>();
    for (int at = 1; at < window.size(); at++) {
      int length = 0;
      while (length < at
          && length < unbroken
          && window.get(at - 1 - length).equals(window.get(window.size() - 1 - length))) {
        length++;
      }
      if (length >= dry.allowedLength() && window.get(at) != SamplerRig.BREAKER) {
        penalties.merge(
            window.get(at),
            dry.multiplier() * Math.pow(dry.base(), length - dry.allowedLength()),
            Math::max);
      }
    }
    return penalties;
  }

  /// The second line.
  private List<Integer> cut(List<Integer> sorted, float[] logits) {
    List<Integer> ids = sorted;
    if (sampling.cuts().topNSigma() > 0) {
      double mean = ids.stream().mapToDouble(id -> logits[id]).average().orElseThrow();
      double variance =
          ids.stream().mapToDouble(id -> Math.pow(logits[id] - mean, 2)).average().orElseThrow();
      double floor = logits[ids.getFirst()] - sampling.cuts().topNSigma() * Math.sqrt(variance);
      ids = ids.stream().filter(id -> logits[id] >= (float) floor).toList();
    }
    if (sampling.topK() > 0) {
      ids = ids.subList(0, Math.min(sampling.topK(), ids.size()));
    }
    if (sampling.cuts().typicalP() < 1) {
      ids = typical(ids, logits);
    }
    if (sampling.topP() < 1) {
      ids = untilReached(ids, logits, sampling.topP());
    }
    List<Double> p = probabilities(ids, logits, 1);
    List<Integer> before = ids;
    ids =
        IntStream.range(0, ids.size())
            .filter(i -> p.get(i) >= sampling.minP() * p.getFirst())
            .mapToObj(before::get)
            .toList();
    boolean excludes =
        TokenSampler.xtcUniform(sampling.seed(), answered) < sampling.cuts().xtc().probability();
    if (excludes && sampling.cuts().xtc().active()) {
      return withoutTopChoices(ids, logits);
    }
    return ordered() ? ids : ids.stream().sorted().toList();
  }

  /// Where nothing needs an order the sampler walks tokens by their ids.
  private boolean ordered() {
    return sampling.topK() > 0
        || sampling.topP() < 1
        || sampling.cuts().typicalP() < 1
        || sampling.cuts().topNSigma() > 0;
  }

  private static List<Integer> untilReached(List<Integer> ids, float[] logits, double wanted) {
    List<Double> p = probabilities(ids, logits, 1);
    double reached = 0;
    int kept = 0;
    while (kept < ids.size() && reached < wanted) {
      reached += p.get(kept++);
    }
    return ids.subList(0, kept);
  }

  private List<Integer> typical(List<Integer> ids, float[] logits) {
    List<Double> p = probabilities(ids, logits, 1);
    double entropy = p.stream().mapToDouble(x -> x == 0 ? 0 : -x * Math.log(x)).sum();
    List<Integer> order =
        IntStream.range(0, ids.size())
            .boxed()
            .sorted(Comparator.comparingDouble(i -> Math.abs(-Math.log(p.get(i)) - entropy)))
            .toList();
    Set<Integer> kept = new HashSet<>();
    double reached = 0;
    for (int i = 0; i < ids.size() && reached <= sampling.cuts().typicalP(); i++) {
      kept.add(ids.get(order.get(i)));
      reached += p.get(order.get(i));
    }
    return ids.stream().filter(kept::contains).toList();
  }

  private List<Integer> withoutTopChoices(List<Integer> ids, float[] logits) {
    List<Double> p = probabilities(ids, logits, 1);
    long probable = p.stream().filter(x -> x >= sampling.cuts().xtc().threshold()).count();
    return ids.subList((int) Math.max(0, probable - 1), ids.size());
  }

  private int draw(List<Integer> ids, float[] logits) {
    List<Double> p = probabilities(ids, logits, sampling.temperature());
    double target = TokenSampler.uniform(sampling.seed(), answered);
    double walked = 0;
    for (int i = 0; i < ids.size(); i++) {
      walked += p.get(i);
      if (walked > target) {
        return ids.get(i);
      }
    }
    return ids.getLast();
  }

  static List<Double> probabilities(List<Integer> ids, float[] logits, double temperature) {
    double max = ids.stream().mapToDouble(id -> logits[id]).max().orElseThrow();
    double sum = ids.stream().mapToDouble(id -> Math.exp((logits[id] - max) / temperature)).sum();
    return ids.stream().map(id -> Math.exp((logits[id] - max) / temperature) / sum).toList();
  }
}
