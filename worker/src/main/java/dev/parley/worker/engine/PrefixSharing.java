package dev.parley.worker.engine;

import dev.parley.worker.engine.PrefixCache.Match;
import dev.parley.worker.model.TokenModel;
import dev.parley.worker.schedule.Scheduler;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Spares prompts what was computed before, or is being computed now.
///
/// - A request whose prompt begins like a snapshot gets its cache and computes the rest.
/// - A request whose prompt begins like one that is still to be computed (a burst with one system prompt)
///   waits for it, when that spares more than any snapshot does: the leader's cache is saved when its
///   prompt is complete, and those that follow it begin there.
/// - What an answer leaves in its slot is saved when it ends: the conversation's next turn begins with it.
///
/// Owned by the engine's thread, told of everything between steps.
final class PrefixSharing implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PrefixSharing.class);

  private final TokenModel model;
  private final Scheduler scheduler;
  private final PrefixCache cache;

  /// What spares whom what, until it has its slot.
  private final Map<String, Match> matches = new HashMap<>();

  /// Requests whose prompt is not complete yet, in order of arrival.
  private final Map<String, Answer> prompts = new LinkedHashMap<>();

  /// Who waits for whose prompt.
  private final Map<String, String> leaders = new HashMap<>();

  private long promptTokens;
  private long reusedTokens;

  PrefixSharing(TokenModel model, Scheduler scheduler, PrefixCache cache) {
    this.model = model;
    this.scheduler = scheduler;
    this.cache = cache;
  }

  /// A request was submitted to the scheduler.
  void arrived(Answer answer) {
    promptTokens += answer.tokens().length;
    if (cache.enabled() && !answer.alone()) {
      place(answer);
      prompts.put(answer.id(), answer);
    }
  }

  /// Finds what there is for a request without a slot.
  private void place(Answer answer) {
    forgetMatch(answer.id());
    Optional<Match> match = cache.find(answer.cacheScope(), answer.tokens());
    match.ifPresent(m -> matches.put(answer.id(), m));
    int spared = match.map(Match::tokens).orElse(0);
    scheduler.reuse(answer.id(), spared);
    Optional<String> leader = leader(answer, spared);
    scheduler.holdBack(answer.id(), leader.isPresent());
    leader.ifPresent(id -> leaders.put(answer.id(), id));
  }

  /// The first before it whose prompt would spare it more.
  private Optional<String> leader(Answer answer, int spared) {
    for (Answer other : prompts.values()) {
      if (other.id().equals(answer.id())) {
        return Optional.empty();
      }
      if (!leaders.containsKey(other.id())
          && other.cacheScope().equals(answer.cacheScope())
          && cache.reusable(other.tokens(), answer.tokens()) > spared) {
        return Optional.of(other.id());
      }
    }
    return Optional.empty();
  }

  /// Puts what a request reuses into its slot.
  void restore(String id, int slot, int tokens) {
    Match match = matches.get(id);
    if (match == null) {
      throw new IllegalStateException("there is no snapshot for " + id);
    }
    model.restore(match.snapshot().saved(), slot);
    if (!model.forget(slot, tokens)) {
      throw new IllegalStateException("the model cannot cut a snapshot to " + tokens + " tokens");
    }
    reusedTokens += tokens;
    forgetMatch(id);
  }

  /// A prompt is complete: those that follow it can begin.
  void promptDone(Answer answer, int slot) {
    if (prompts.remove(answer.id()) != null && leaders.containsValue(answer.id())) {
      save(answer.cacheScope(), answer.tokens(), slot);
      releaseFollowers(answer.id());
    }
  }

  /// A request ends; what its slot holds is saved for the next turn.
  ///
  /// @param cached tokens in its slot, 0 when nothing there is worth keeping
  void ended(Answer answer, int slot, int cached) {
    prompts.remove(answer.id());
    leaders.remove(answer.id());
    forgetMatch(answer.id());
    if (cached > 0 && cache.enabled() && !answer.alone()) {
      save(answer.cacheScope(), answer.cachedTokens(cached), slot);
    }
    releaseFollowers(answer.id());
  }

  /// A snapshot that cannot be taken costs nobody his answer: what it would spare is computed again.
  private void save(String scope, int[] tokens, int slot) {
    if (cache.covers(scope, tokens)) {
      return;
    }
    try {
      cache.put(scope, tokens, model.save(slot));
    } catch (RuntimeException e) {
      LOG.warn("a snapshot of {} tokens could not be taken", tokens.length, e);
    }
  }

  private void releaseFollowers(String leader) {
    List<Answer> followers = new ArrayList<>();
    for (Answer answer : prompts.values()) {
      if (leaders.remove(answer.id(), leader)) {
        followers.add(answer);
      }
    }
    followers.forEach(this::place);
  }

  private void forgetMatch(String id) {
    Match match = matches.remove(id);
    if (match != null) {
      cache.release(match.snapshot());
    }
  }

  /// Tokens of all prompts so far.
  long promptTokens() {
    return promptTokens;
  }

  /// Of those, the ones that were not computed again.
  long reusedTokens() {
    return reusedTokens;
  }

  @Override
  public void close() {
    cache.close();
  }
}
