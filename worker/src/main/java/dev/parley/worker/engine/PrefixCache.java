package dev.parley.worker.engine;

import dev.parley.worker.llama.SavedSequence;
import dev.parley.worker.schedule.ScheduleLimits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;

/// Computed beginnings of prompts in host memory, the least recently used given up first.
///
/// A beginning of at least [#LEAST_TOKENS] is reused up to where whole chunks of [ScheduleLimits#CHUNK_TOKENS]
/// are left to the prompt's end: the rest is computed in the same shapes as without it, so that the same request
/// gives the same logits again, and fast: behind 1,300 tokens a chunk takes 200 ms, and 63 rows, which miss the
/// CPU's tiled attention kernel, 350. Of a model that cannot forget a part of its cache it is reused whole or
/// not at all. Not thread-safe.
final class PrefixCache implements AutoCloseable {
  /// Fewer are not worth a snapshot, nor reading a file, nor waiting for another one's prompt.
  static final int LEAST_TOKENS = ScheduleLimits.CHUNK_TOKENS;

  /// Beginnings that were given up and are remembered as such.
  private static final int MOST_GIVEN_UP = 1024;

  /// One saved cache.
  static final class Snapshot {
    private final String scope;
    private final int[] tokens;
    private final SavedSequence saved;
    private int users;

    private Snapshot(String scope, int[] tokens, SavedSequence saved) {
      this.scope = scope;
      this.tokens = tokens;
      this.saved = saved;
    }

    SavedSequence saved() {
      return saved;
    }

    private boolean beginsWith(int[] other) {
      return tokens.length >= other.length && shared(tokens, other) == other.length;
    }
  }

  /// What a snapshot spares.
  ///
  /// @param tokens of the prompt that need not be computed
  record Match(Snapshot snapshot, int tokens) {}

  /// The first chunk of a snapshot, by its hash: for telling why, not for finding.
  private record Beginning(String scope, int hash) {
    static Beginning of(String scope, int[] tokens) {
      return new Beginning(scope, Arrays.hashCode(Arrays.copyOf(tokens, LEAST_TOKENS)));
    }
  }

  private final long mostBytes;
  private final boolean trimmable;

  /// Least recently used first.
  private final List<Snapshot> snapshots = new ArrayList<>();

  /// Oldest first.
  private final SequencedSet<Beginning> givenUp = new LinkedHashSet<>();

  private long bytes;

  /// @param trimmable whether the model can forget the end of a cache
  PrefixCache(long mostBytes, boolean trimmable) {
    this.mostBytes = mostBytes;
    this.trimmable = trimmable;
  }

  boolean enabled() {
    return mostBytes > 0;
  }

  /// The snapshot that spares most of a prompt. It stays until [#release].
  ///
  /// @param scope only snapshots made under the same name are used
  Optional<Match> find(String scope, int[] prompt) {
    Optional<Match> best = Optional.empty();
    for (Snapshot snapshot : snapshots) {
      int tokens = snapshot.scope.equals(scope) ? reusable(snapshot.tokens, prompt) : 0;
      if (tokens > best.map(Match::tokens).orElse(0)) {
        best = Optional.of(new Match(snapshot, tokens));
      }
    }
    best.ifPresent(match -> use(match.snapshot()));
    return best;
  }

  /// Tokens of a prompt that the cache of a sequence spares it.
  int reusable(int[] cached, int[] prompt) {
    int shared = Math.min(shared(cached, prompt), prompt.length - 1);
    if (trimmable) {
      return spared(shared, prompt.length);
    }
    return shared == cached.length ? shared : 0;
  }

  /// Tokens of a prompt that are spared where so many are shared: what leaves whole chunks to be computed, which
  /// are the last ones of that prompt whatever was computed before.
  static int spared(int shared, int prompt) {
    int chunks = Math.ceilDiv(prompt - shared, ScheduleLimits.CHUNK_TOKENS);
    int spared = prompt - chunks * ScheduleLimits.CHUNK_TOKENS;
    return spared < LEAST_TOKENS ? 0 : spared;
  }

  /// The most that any cache could spare a prompt.
  int most(int[] prompt) {
    return trimmable ? spared(prompt.length - 1, prompt.length) : prompt.length - 1;
  }

  /// Why nothing spares a prompt anything.
  PrefixMiss why(String scope, int[] prompt) {
    if (most(prompt) < LEAST_TOKENS) {
      return PrefixMiss.SHORT;
    }
    boolean begun =
        snapshots.stream()
            .anyMatch(s -> s.scope.equals(scope) && shared(s.tokens, prompt) >= LEAST_TOKENS);
    if (begun) {
      return PrefixMiss.UNTRIMMABLE;
    }
    return givenUp.contains(Beginning.of(scope, prompt)) ? PrefixMiss.EVICTED : PrefixMiss.UNKNOWN;
  }

  private void use(Snapshot snapshot) {
    snapshot.users++;
    snapshots.remove(snapshot);
    snapshots.add(snapshot);
  }

  void release(Snapshot snapshot) {
    snapshot.users--;
  }

  /// Whether a snapshot of these tokens would spare nothing that another one does not.
  boolean covers(String scope, int[] tokens) {
    return tokens.length < LEAST_TOKENS
        || snapshots.stream()
            .anyMatch(s ->
                s.scope.equals(scope)
                    && s.beginsWith(tokens)
                    && (trimmable || s.tokens.length == tokens.length));
  }

  /// Takes a saved cache, in the place of shorter ones that it continues; one that has no room at all leaves the
  /// others where they are.
  ///
  /// @return whether there was room; else it is closed
  boolean put(String scope, int[] tokens, SavedSequence saved) {
    if (saved.bytes() > mostBytes) {
      saved.close();
      return false;
    }
    for (Snapshot old : List.copyOf(snapshots)) {
      if (old.users == 0
          && old.scope.equals(scope)
          && trimmable
          && shared(old.tokens, tokens) == old.tokens.length) {
        remove(old);
      }
    }
    for (int i = 0; i < snapshots.size() && bytes + saved.bytes() > mostBytes; ) {
      if (snapshots.get(i).users == 0) {
        giveUp(snapshots.get(i));
      } else {
        i++;
      }
    }
    if (bytes + saved.bytes() > mostBytes) {
      saved.close();
      return false;
    }
    snapshots.add(new Snapshot(scope, tokens, saved));
    bytes += saved.bytes();
    return true;
  }

  private void giveUp(Snapshot snapshot) {
    remove(snapshot);
    givenUp.add(Beginning.of(snapshot.scope, snapshot.tokens));
    if (givenUp.size() > MOST_GIVEN_UP) {
      givenUp.removeFirst();
    }
  }

  private void remove(Snapshot snapshot) {
    snapshots.remove(snapshot);
    bytes -= snapshot.saved.bytes();
    snapshot.saved.close();
  }

  @Override
  public void close() {
    List.copyOf(snapshots).forEach(this::remove);
  }

  /// Tokens that two sequences have in common at their beginning.
  static int shared(int[] a, int[] b) {
    int first = Arrays.mismatch(a, b);
    return first < 0 ? a.length : first;
  }
}
