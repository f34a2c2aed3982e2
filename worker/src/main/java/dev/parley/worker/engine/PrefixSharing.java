package dev.parley.worker.engine;

import dev.parley.worker.engine.PrefixCache.Match;
import dev.parley.worker.llama.SavedSequence;
import dev.parley.worker.model.TokenModel;
import dev.parley.worker.prefix.Lookup;
import dev.parley.worker.prefix.PrefixFileTotals;
import dev.parley.worker.prefix.PrefixFiles;
import dev.parley.worker.schedule.Scheduler;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Spares prompts what was computed before, or is being computed now.
///
/// - A request whose prompt begins like a snapshot gets its cache and computes the rest.
/// - A request whose prompt begins like one that is still to be computed (a burst with one system prompt)
///   waits for it, when that spares more than any snapshot does: the leader's cache is saved when its
///   prompt is complete, and those that follow it begin there.
/// - What an answer leaves in its slot is saved when it ends: the conversation's next turn begins with it.
/// - With [PrefixFiles], what is saved is also written to a file, and a request that memory does not spare all
///   is held back until its file was looked for and read, by another thread. What was read is one more
///   snapshot.
///
/// Owned by the engine's thread, told of everything between steps.
final class PrefixSharing implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PrefixSharing.class);

  private final TokenModel model;
  private final Scheduler scheduler;
  private final PrefixCache cache;
  private final Optional<PrefixFiles> files;
  private final Runnable fileRead;
  private final PrefixMisses misses = new PrefixMisses();

  /// What spares whom what, until it has its slot.
  private final Map<String, Match> matches = new HashMap<>();

  /// Requests whose prompt is not complete yet, in order of arrival.
  private final Map<String, Answer> prompts = new LinkedHashMap<>();

  /// Who waits for whose prompt.
  private final Map<String, String> leaders = new HashMap<>();

  /// What came of the look-ups since [#filesRead]; from another thread.
  private final Queue<Looked> looked = new ConcurrentLinkedQueue<>();

  /// Look-ups under way.
  private int lookups;

  private long promptTokens;
  private long reusedTokens;

  /// A request's look-up is over.
  private record Looked(Answer answer, Lookup lookup) {}

  /// @param fileRead called by another thread when [#filesRead] is to be called
  PrefixSharing(
      TokenModel model,
      Scheduler scheduler,
      PrefixCache cache,
      Optional<PrefixFiles> files,
      Runnable fileRead) {
    this.model = model;
    this.scheduler = scheduler;
    this.cache = cache;
    this.files = files;
    this.fileRead = fileRead;
  }

  /// A request was submitted to the scheduler.
  void arrived(Answer answer) {
    promptTokens += answer.tokens().length;
    if (cache.enabled() && !answer.alone()) {
      place(answer);
      prompts.put(answer.id(), answer);
      files.ifPresent(all -> lookUp(answer, all));
    }
  }

  /// Holds a request back while its file is looked for, if one could spare it more than memory does.
  private void lookUp(Answer answer, PrefixFiles all) {
    int[] prompt = answer.tokens();
    int spared = spared(answer.id());
    if (cache.most(prompt) - spared >= PrefixCache.LEAST_TOKENS) {
      leaders.remove(answer.id());
      scheduler.holdBack(answer.id(), true);
      lookups++;
      all.find(
          answer.cacheScope(),
          spared + PrefixCache.LEAST_TOKENS - 1,
          cached -> cache.reusable(cached, prompt),
          lookup -> {
            looked.add(new Looked(answer, lookup));
            fileRead.run();
          });
    }
  }

  private int spared(String id) {
    Match match = matches.get(id);
    return match == null ? 0 : match.tokens();
  }

  /// Whether [#filesRead] will be called for a request that is held back.
  boolean looksUp() {
    return lookups > 0;
  }

  /// Takes what was read, and lets those go on who waited for it.
  void filesRead() {
    for (Looked one = looked.poll(); one != null; one = looked.poll()) {
      lookups--;
      Optional<PrefixMiss> trouble = take(one);
      Answer answer = one.answer();
      // Another one may have its id by now.
      if (prompts.get(answer.id()) == answer) {
        place(answer);
        trouble
            .filter(_ -> !matches.containsKey(answer.id()))
            .ifPresent(why -> misses.expect(answer.id(), why));
      }
    }
  }

  private Optional<PrefixMiss> take(Looked one) {
    String scope = one.answer().cacheScope();
    return switch (one.lookup()) {
      case Lookup.Found(int[] tokens, SavedSequence saved) ->
          cache.put(scope, tokens, saved) ? Optional.empty() : Optional.of(PrefixMiss.NO_ROOM);
      case Lookup.Nothing() -> Optional.empty();
      case Lookup.Unreadable() -> Optional.of(PrefixMiss.UNREADABLE);
    };
  }

  /// Finds what there is for a request without a slot.
  private void place(Answer answer) {
    forgetMatch(answer.id());
    Optional<Match> match = cache.find(answer.cacheScope(), answer.tokens());
    match.ifPresentOrElse(
        m -> {
          matches.put(answer.id(), m);
          misses.forget(answer.id());
        },
        () -> misses.expect(answer.id(), cache.why(answer.cacheScope(), answer.tokens())));
    int spared = spared(answer.id());
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
          && cache.reusable(other.tokens(), answer.tokens()) - spared >= PrefixCache.LEAST_TOKENS) {
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
    Answer answer = prompts.get(id);
    if (answer != null) {
      answer.reused(tokens);
    }
    forgetMatch(id);
  }

  /// A prompt is complete: those that follow it can begin.
  void promptDone(Answer answer, int slot) {
    misses.computed(answer.id());
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
    misses.forget(answer.id());
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
      SavedSequence saved = model.save(slot);
      files.ifPresent(all -> all.write(scope, tokens, saved.share()));
      cache.put(scope, tokens, saved);
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

  /// Prompts that were computed from their first token on, by reason.
  Map<PrefixMiss, Long> misses() {
    return misses.counts();
  }

  /// Files read and written; any thread may ask.
  PrefixFileTotals fileTotals() {
    return files.map(PrefixFiles::totals).orElse(PrefixFileTotals.NONE);
  }

  @Override
  public void close() {
    files.ifPresent(PrefixFiles::close);
    for (Looked one = looked.poll(); one != null; one = looked.poll()) {
      if (one.lookup() instanceof Lookup.Found found) {
        found.saved().close();
      }
    }
    cache.close();
  }
}
