package dev.parley.worker.engine;

import dev.parley.shared.wire.EndReason;
import dev.parley.shared.wire.TokenLogprob;
import dev.parley.shared.wire.Usage;
import java.util.List;

/// What the engine says about a request.
public sealed interface EngineOutput {

  String id();

  /// The answer has grown.
  ///
  /// @param firstIndex index of the first of `ids` in the answer; counts on after a resume
  /// @param ids new tokens; empty when only held-back text was released, and always if the engine has none
  ///     ([EngineInfo#tellsTokens])
  /// @param text newly visible; empty while a character or a stop string is incomplete
  /// @param logprobs one for each new token if the request wants them, else none
  record Tokens(
      String id, int firstIndex, List<Integer> ids, String text, List<TokenLogprob> logprobs)
      implements EngineOutput {
    public Tokens {
      ids = List.copyOf(ids);
      logprobs = List.copyOf(logprobs);
    }

    /// Without logprobs.
    public Tokens(String id, int firstIndex, List<Integer> ids, String text) {
      this(id, firstIndex, ids, text, List.of());
    }
  }

  /// The request is over.
  ///
  /// @param usage of the whole answer, tokens made before a resume included
  /// @param detail one sentence for log and operator; empty when the answer is whole
  record Ended(String id, EndReason reason, Usage usage, String detail) implements EngineOutput {

    /// One request too many.
    ///
    /// @param most requests that the engine holds at once
    public static Ended full(String id, int most) {
      return new Ended(id, EndReason.REFUSED, Usage.NONE, most + " requests are held already");
    }

    /// The engine's thread could not go on.
    public static Ended failed(String id) {
      return new Ended(
          id, EndReason.ENGINE, Usage.NONE, "the engine has failed: restart the worker");
    }
  }

  /// The answer cannot be continued where it broke off and begins anew: what was shown is void. Comes before
  /// any [Tokens].
  record Restarted(String id) implements EngineOutput {}
}
