package dev.parley.worker.engine;

import dev.parley.shared.wire.TokenLogprob;
import dev.parley.worker.model.TokenModel;
import dev.parley.worker.model.TokenScore;
import java.util.ArrayList;
import java.util.List;

/// Says in bytes what the sampler says in token ids.
final class Spelling {
  private Spelling() {}

  static TokenLogprob logprob(TokenModel model, TokenScore score) {
    return new TokenLogprob(
        bytes(model, score.token()),
        score.logprob(),
        score.best().stream().map(best -> logprob(model, best)).toList());
  }

  private static List<Integer> bytes(TokenModel model, int token) {
    List<Integer> bytes = new ArrayList<>();
    for (byte b : model.bytes(token)) {
      bytes.add(Byte.toUnsignedInt(b));
    }
    return bytes;
  }
}
