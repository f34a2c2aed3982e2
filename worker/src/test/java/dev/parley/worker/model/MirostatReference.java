package dev.parley.worker.model;

import dev.parley.shared.wire.Sampling;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// Both versions of mirostat by their definition, over all tokens sorted.
final class MirostatReference {
  private final Sampling sampling;
  private double mu;

  MirostatReference(Sampling sampling) {
    this.sampling = sampling;
    this.mu = 2 * sampling.mirostat().tau();
  }

  int choose(float[] logits, int index) {
    List<Integer> ids =
        IntStream.range(0, logits.length)
            .boxed()
            .sorted((a, b) -> Float.compare(logits[b], logits[a]))
            .toList();
    List<Double> p = SamplerReference.probabilities(ids, logits, sampling.temperature());
    List<Integer> kept = sampling.mirostat().version() == 1 ? byRank(ids, p) : bySurprise(ids, p);
    List<Double> q = SamplerReference.probabilities(kept, logits, sampling.temperature());
    int drawn = draw(q, TokenSampler.uniform(sampling.seed(), index));
    double surprise = -log2(q.get(drawn));
    mu -= sampling.mirostat().eta() * (surprise - sampling.mirostat().tau());
    return kept.get(drawn);
  }

  private List<Integer> byRank(List<Integer> ids, List<Double> p) {
    double products = 0;
    double squares = 0;
    for (int i = 0; i < 99 && i < ids.size() - 1; i++) {
      double t = Math.log((i + 2.0) / (i + 1.0));
      products += t * Math.log(p.get(i) / p.get(i + 1));
      squares += t * t;
    }
    double s = products / squares;
    double e = s - 1;
    double k = Math.pow(e * Math.pow(2, mu) / (1 - Math.pow(ids.size(), -e)), 1 / s);
    return ids.subList(0, (int) Math.min(ids.size(), Math.max(1, k)));
  }

  /// In order of the ids, as the sampler walks them.
  private List<Integer> bySurprise(List<Integer> ids, List<Double> p) {
    List<Integer> kept = new ArrayList<>();
    for (int i = 0; i < ids.size(); i++) {
      if (i == 0 || -log2(p.get(i)) <= mu) {
        kept.add(ids.get(i));
      }
    }
    kept.sort(Integer::compare);
    return kept;
  }

  private static int draw(List<Double> q, double uniform) {
    double walked = 0;
    for (int i = 0; i < q.size(); i++) {
      walked += q.get(i);
      if (walked > uniform) {
        return i;
      }
    }
    return q.size() - 1;
  }

  private static double log2(double x) {
    return Math.log(x) / Math.log(2);
  }
}
