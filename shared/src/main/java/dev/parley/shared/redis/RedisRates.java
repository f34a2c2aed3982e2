package dev.parley.shared.redis;

import dev.parley.shared.turn.StoreUnavailable;
import java.util.List;

/// Rates that several processes keep together, by the generic cell rate algorithm on Redis' own time. What is
/// forgotten with an emptied Redis is at most one burst. Thread-safe; its methods block.
public final class RedisRates implements AutoCloseable {

  /// One call every `everyMs`, and `burst` at once after a rest.
  ///
  /// @param key names what is limited, unique over all of its kind
  public record Rate(String key, long everyMs, int burst) {}

  /// What a call has to do.
  public enum Verdict {
    /// Go; it is counted.
    GO,
    /// Wait, because of the one.
    ONE_BUSY,
    /// Wait, because of all of them.
    ALL_BUSY
  }

  /// @param waitMs until it makes sense to ask again; 0 for [Verdict#GO]
  public record Reply(Verdict verdict, long waitMs) {}

  private final ScriptRunner scripts;

  public RedisRates(RedisSettings settings) {
    scripts = new ScriptRunner(settings, ScriptSource.production());
  }

  /// Asks for one call under two rates at once; it counts for both or for neither.
  ///
  /// @param mostBurst how much of either burst this call may use at most
  /// @throws StoreUnavailable when Redis does not answer
  public Reply take(Rate one, Rate all, int mostBurst) {
    List<?> reply =
        (List<?>)
            scripts.run(
                Script.TAKE_LEAVE,
                List.of(
                    key(one),
                    Long.toString(one.everyMs()),
                    Integer.toString(one.burst()),
                    key(all),
                    Long.toString(all.everyMs()),
                    Integer.toString(all.burst()),
                    Integer.toString(mostBurst)));
    int verdict = ((Number) reply.get(0)).intValue();
    return new Reply(Verdict.values()[verdict], ((Number) reply.get(1)).longValue());
  }

  /// Lets nobody go for a time.
  ///
  /// @throws StoreUnavailable when Redis does not answer
  public void hold(Rate one, long ms) {
    scripts.run(
        Script.HOLD_LEAVE,
        List.of(
            key(one),
            Long.toString(one.everyMs()),
            Integer.toString(one.burst()),
            Long.toString(ms)));
  }

  private static String key(Rate rate) {
    return "rate:" + rate.key();
  }

  @Override
  public void close() {
    scripts.close();
  }
}
