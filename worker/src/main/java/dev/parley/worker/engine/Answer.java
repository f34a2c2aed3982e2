package dev.parley.worker.engine;

import dev.parley.shared.grammar.GrammarException;
import dev.parley.shared.wire.EndReason;
import dev.parley.shared.wire.Lane;
import dev.parley.shared.wire.Usage;
import dev.parley.worker.model.AnswerText;
import dev.parley.worker.model.PromptException;
import dev.parley.worker.model.SamplerState;
import dev.parley.worker.model.TokenList;
import dev.parley.worker.model.TokenModel;
import dev.parley.worker.schedule.SequenceRequest;
import java.util.List;
import java.util.Optional;

/// A request that became tokens, and the answer that grows from it. Pure but for its own state; built on the
/// caller's thread, then owned by the engine's.
final class Answer {
  private final EngineRequest request;
  private final TokenModel model;

  /// Prompt and answer.
  private final TokenList sequence;

  private final SamplerState sampler;
  private final int[] tokens;
  private final int promptTokens;
  private final int contextTokens;
  private final AnswerText text;

  /// Whether it has a token that its grammar does not allow.
  private boolean misfit;

  private final boolean restarted;
  private final String unseen;
  private int lastToken;
  private int reusedTokens;
  private Optional<EndReason> end = Optional.empty();

  private Answer(
      EngineRequest request, int[] prompt, List<Integer> ids, TokenModel model, boolean anew) {
    this.request = request;
    this.model = model;
    this.sequence = new TokenList(prompt);
    this.sampler = new SamplerState(request.sampling(), sequence, prompt.length);
    this.promptTokens = prompt.length;
    this.contextTokens = model.info().contextTokens();
    this.text = new AnswerText(request.sampling().stop());
    String replayed = replay(ids);
    this.restarted = anew || misfit || !replayed.startsWith(request.resume().text()) || lost(ids);
    this.unseen = restarted ? "" : replayed.substring(request.resume().text().length());
    this.tokens = sequence.first(sequence.size());
  }

  /// @param prompt fewer tokens than the context holds
  /// @throws PromptException when the request names tokens that the model does not have, or a response format that
  ///     cannot be used
  static Answer of(EngineRequest request, int[] prompt, TokenModel model) {
    checkBiases(request, model.info().vocabulary());
    try {
      Answer resumed = new Answer(request, prompt, request.resume().ids(), model, false);
      return resumed.restarted ? new Answer(request, prompt, List.of(), model, true) : resumed;
    } catch (GrammarException e) {
      throw new PromptException(
          EndReason.FORMAT, "the response format cannot be used: " + e.reason(), e);
    }
  }

  private static void checkBiases(EngineRequest request, int vocabulary) {
    for (int token : request.sampling().rules().logitBias().keySet()) {
      if (token >= vocabulary) {
        throw new PromptException(
            EndReason.UNKNOWN_TOKEN,
            "logit_bias names token " + token + ", but the model's are below " + vocabulary);
      }
    }
  }

  /// Whether it would have to go on, and its sampler cannot know what it would remember.
  private boolean lost(List<Integer> ids) {
    return !ids.isEmpty() && end.isEmpty() && !SamplerState.resumable(request.sampling());
  }

  private String replay(List<Integer> ids) {
    StringBuilder shown = new StringBuilder();
    for (int id : ids) {
      shown.append(accept(id));
      if (misfit || end.isPresent()) {
        break;
      }
    }
    return shown.toString();
  }

  String id() {
    return request.id();
  }

  boolean alone() {
    return request.alone();
  }

  /// Whose cached beginnings may serve it, and whom its own may.
  String cacheScope() {
    return request.cacheScope();
  }

  /// The first tokens of prompt and answer.
  ///
  /// @param count no more than prompt and answer have
  int[] cachedTokens(int count) {
    return sequence.first(count);
  }

  /// What the scheduler is asked for.
  SequenceRequest sequence() {
    return new SequenceRequest(
        request.id(), request.user(), tokens.length, request.lane() == Lane.BATCH, request.alone());
  }

  /// What the sampler needs for the next token.
  SamplerState sampler() {
    return sampler;
  }

  /// Whether what was shown before cannot be continued.
  boolean restarted() {
    return restarted;
  }

  /// Text of the resumed tokens that was not visible yet.
  String unseen() {
    return unseen;
  }

  /// Whether a message contains this text.
  boolean mentions(String marker) {
    return request.messages().stream().anyMatch(message -> message.content().contains(marker));
  }

  /// Prompt and resumed tokens: what is to be computed before the next token.
  int[] tokens() {
    return tokens;
  }

  /// Tokens of the answer so far.
  int answered() {
    return sampler.answered();
  }

  /// The token whose row the next decode call computes.
  int lastToken() {
    return lastToken;
  }

  /// Takes the next token and gives the text that it makes visible.
  String accept(int token) {
    if (model.isEnd(token)) {
      end = Optional.of(EndReason.STOP);
      return text.finish();
    }
    lastToken = token;
    sequence.add(token);
    byte[] bytes = model.bytes(token);
    misfit |= !sampler.accept(bytes);
    String visible = text.append(bytes);
    if (text.stopped()) {
      end = Optional.of(EndReason.STOP);
    } else if (answered() >= request.sampling().maxTokens() || sequence.size() >= contextTokens) {
      end = Optional.of(EndReason.LENGTH);
      visible += text.finish();
      // The characters held back may have completed a stop string.
      end = Optional.of(text.stopped() ? EndReason.STOP : EndReason.LENGTH);
    }
    return visible;
  }

  /// Why the answer is over, once it is.
  Optional<EndReason> end() {
    return end;
  }

  /// The first tokens were computed before.
  void reused(int count) {
    reusedTokens = count;
  }

  Usage usage() {
    return new Usage(promptTokens, answered(), Math.min(reusedTokens, promptTokens));
  }
}
