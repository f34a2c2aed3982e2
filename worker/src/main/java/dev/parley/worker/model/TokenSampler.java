package dev.parley.worker.model;

import dev.parley.shared.grammar.GrammarException;
import dev.parley.shared.grammar.GrammarState;
import dev.parley.shared.wire.Cuts;
import dev.parley.shared.wire.Sampling;
import java.util.Optional;

/// Chooses the next token from a row of logits.
///
/// ```
/// logits ─┬─ logprobs are told from here
///         ├ logit_bias ─ min_tokens ─ no_repeat_ngram ─ penalties ─ dry        change single logits
///         ├ top_n_sigma ─ top_k ─ typical_p ─ top_p ─ min_p ─ xtc              drop tokens
///         ├ temperature                                                        shapes what is left
///         └ draw             (or: temperature, then mirostat, which drops, draws and remembers)
/// ```
///
/// Cuts see the distribution as the model gives it; the temperature shapes what they leave: llama.cpp's own default
/// order. Temperature 0 takes the most probable token of what the first line leaves (the lower id of two equal
/// ones).
///
/// The draw is made here and not by libllama's samplers, because theirs hold a random generator whose
/// state depends on how many draws came before. Here the random number is a hash of the seed and the
/// token's index in the answer: an answer that another worker continues draws what it would have drawn. So does
/// xtc's, with a constant of its own.
///
/// A grammar ([SamplerState#grammar]) is asked about the drawn token alone, which it nearly always allows. If it does
/// not, it bans whatever it forbids from the whole row, and the same random number draws again, through the same
/// cuts. It wins over the bans: if they leave nothing that it allows, single logits are as the model gave them.
///
/// Who asks for none of the rarer controls pays for none: see [Candidates] for what is sorted when. Typical-p and
/// top-n-sigma without top-k sort the vocabulary. Not thread-safe: buffers are reused.
final class TokenSampler {
  /// Changes whenever the same logits and seed may give another token.
  static final String VERSION = "1";

  private static final double TWO_TO_MINUS_53 = 0x1.0p-53;
  private static final long DRAW = 0x9E3779B97F4A7C15L;
  private static final long XTC = 0xC2B2AE3D27D4EB4FL;

  private final Bans bans;
  private final RepeatPenalty repeatPenalty = new RepeatPenalty();
  private final DryPenalty dryPenalty;
  private final TypicalP typicalP = new TypicalP();
  private final GrammarMask mask;
  private final RawScores scores = new RawScores();
  private final LogitRow row = new LogitRow();
  private final Candidates candidates = new Candidates();

  TokenSampler(TokenFacts facts) {
    bans = new Bans(facts);
    dryPenalty = new DryPenalty(facts);
    mask = new GrammarMask(facts);
  }

  /// Sorts the vocabulary now, so that the first grammar need not wait for it.
  ///
  /// @param size of the vocabulary
  void prepare(int size) {
    mask.spellings(size);
  }

  /// @param logits one number per token of the vocabulary; changed in place
  /// @throws GrammarException when a grammar allows no token, or takes too long
  Choice choose(float[] logits, SamplerState state) {
    Sampling sampling = state.sampling();
    boolean scored = sampling.logprobs().wanted();
    if (scored) {
      scores.look(logits, sampling.logprobs().top());
    }
    row.begin(logits);
    changeLogits(state);
    int token =
        state.grammar().isEmpty()
            ? pick(logits, state)
            : pickWithin(state.grammar().get(), logits, state);
    return scored
        ? new Choice(token, Optional.of(scores.of(token, row.original(token))))
        : Choice.of(token);
  }

  private int pick(float[] logits, SamplerState state) {
    return state.sampling().temperature() == 0 ? Candidates.best(logits) : drawn(logits, state);
  }

  private int pickWithin(GrammarState grammar, float[] logits, SamplerState state) {
    grammar.refresh();
    double mu = state.mu();
    int first = pick(logits, state);
    if (mask.allows(grammar, first, logits.length)) {
      return first;
    }
    state.mu(mu);
    mask.apply(grammar, logits);
    if (!row.anyLeft()) {
      row.takeBack(0);
      mask.apply(grammar, logits);
    }
    if (!row.anyLeft()) {
      throw new GrammarException("the grammar allows no token of the model's");
    }
    int again = pick(logits, state);
    // Rounding at the end of the mass may draw a token of none.
    return logits[again] == Float.NEGATIVE_INFINITY ? Candidates.best(logits) : again;
  }

  private void changeLogits(SamplerState state) {
    Sampling sampling = state.sampling();
    if (sampling.rules().active()) {
      LogitBias.apply(row, sampling.rules().logitBias());
      bans.apply(row, state);
    }
    if (sampling.penalties().active()) {
      repeatPenalty.apply(row, state.tokens(), sampling.penalties());
    }
    if (sampling.dry().active()) {
      dryPenalty.apply(row, state.tokens(), sampling.dry());
    }
  }

  private int drawn(float[] logits, SamplerState state) {
    Sampling sampling = state.sampling();
    double uniform = uniform(sampling.seed(), state.answered());
    if (sampling.mirostat().active()) {
      return MirostatDraw.draw(candidates, logits, state, uniform);
    }
    Cuts cuts = sampling.cuts();
    float max =
        cuts.typicalP() < 1 || cuts.topNSigma() > 0
            ? collectByShape(logits, sampling)
            : collect(logits, sampling);
    if (cuts.xtc().active()
        && xtcUniform(sampling.seed(), state.answered()) < cuts.xtc().probability()) {
      max = XtcCut.cut(candidates, cuts.xtc().threshold());
    }
    candidates.weigh(max, sampling.temperature());
    return candidates.id(candidates.draw(uniform));
  }

  /// Collects what the common cuts leave and gives the best logit.
  private float collect(float[] logits, Sampling sampling) {
    if (sampling.topK() == 0 && sampling.topP() == 1) {
      float max = logits[Candidates.best(logits)];
      candidates.collect(logits, max, MinP.floor(max, sampling.minP()));
      return max;
    }
    if (sampling.topK() > 0) {
      candidates.sortTop(logits, Math.min(sampling.topK(), logits.length));
    } else {
      candidates.sortNucleus(logits, logits[Candidates.best(logits)], sampling.topP());
    }
    float max = candidates.logit(0);
    candidates.weigh(max, 1);
    TopP.cut(candidates, sampling.topP());
    MinP.cut(candidates, sampling.minP());
    return max;
  }

  /// The same with the cuts that must see more than the best few tokens.
  private float collectByShape(float[] logits, Sampling sampling) {
    Cuts cuts = sampling.cuts();
    float best = logits[Candidates.best(logits)];
    float floor = -Float.MAX_VALUE;
    if (cuts.topNSigma() > 0) {
      floor = Math.max(floor, TopNSigma.floor(logits, best, cuts.topNSigma()));
    }
    if (sampling.topK() > 0) {
      candidates.sortTop(logits, Math.min(sampling.topK(), logits.length));
      candidates.keepFrom(floor);
    } else {
      candidates.collect(logits, best, floor);
      candidates.sort();
    }
    candidates.weigh(best, 1);
    typicalP.cut(candidates, cuts.typicalP());
    TopP.cut(candidates, sampling.topP());
    MinP.cut(candidates, sampling.minP());
    return candidates.logit(0);
  }

  /// The number in [0, 1) that draws the token at an index.
  static double uniform(long seed, int index) {
    return uniform(seed, DRAW, index);
  }

  /// The number in [0, 1) that says whether top choices are excluded at an index.
  static double xtcUniform(long seed, int index) {
    return uniform(seed, XTC, index);
  }

  /// By the finalizer of SplitMix64.
  private static double uniform(long seed, long stream, int index) {
    long mixed = mix(mix(seed + stream) + index);
    return (mixed >>> 11) * TWO_TO_MINUS_53;
  }

  private static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
