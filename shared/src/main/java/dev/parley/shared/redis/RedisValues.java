package dev.parley.shared.redis;

import dev.parley.shared.turn.StoreUnavailable;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import redis.clients.jedis.params.SetParams;

/// Small values that processes share, by name. What is lost with an emptied Redis must be of a kind that can be
/// set again. Thread-safe; its methods block.
public final class RedisValues implements AutoCloseable {
  private final ScriptRunner scripts;
  private final String kind;

  /// @param kind goes before each name, so that different users of one Redis do not meet
  public RedisValues(RedisSettings settings, String kind) {
    this.scripts = new ScriptRunner(settings, ScriptSource.production());
    this.kind = kind;
  }

  /// @throws StoreUnavailable when Redis does not answer
  public Optional<String> find(String name) {
    return scripts.command("get", redis -> Optional.ofNullable(redis.get(key(name))));
  }

  /// @param keep forgotten if it is not set again for so long
  /// @throws StoreUnavailable when Redis does not answer
  public void set(String name, String value, Duration keep) {
    scripts.command(
        "set", redis -> redis.set(key(name), value, SetParams.setParams().px(keep.toMillis())));
  }

  /// Puts something into a set.
  ///
  /// @param keep a member is forgotten if it is not added again for so long
  /// @throws StoreUnavailable when Redis does not answer
  public void add(String name, String member, Duration keep) {
    scripts.command(
        "zadd",
        redis -> {
          double now = System.currentTimeMillis();
          redis.zadd(key(name), now, member);
          redis.zremrangeByScore(key(name), 0, now - keep.toMillis());
          return redis.pexpire(key(name), keep.toMillis());
        });
  }

  /// The members of a set, the one that was added the longest ago first.
  ///
  /// @throws StoreUnavailable when Redis does not answer
  public List<String> all(String name) {
    return scripts.command("zrange", redis -> redis.zrange(key(name), 0, -1));
  }

  private String key(String name) {
    return kind + ":" + name;
  }

  @Override
  public void close() {
    scripts.close();
  }
}
