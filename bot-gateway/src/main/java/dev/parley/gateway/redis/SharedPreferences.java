package dev.parley.gateway.redis;

import dev.parley.gateway.telegram.PreferenceStore;
import dev.parley.shared.redis.RedisValues;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Chats' settings in Redis, a year after they were last changed.
public final class SharedPreferences implements PreferenceStore {
  private static final Duration KEPT = Duration.ofDays(365);

  private final RedisValues values;

  public SharedPreferences(RedisValues values) {
    this.values = values;
  }

  @Override
  public Optional<String> find(String name) {
    return values.find(name);
  }

  @Override
  public void set(String name, String value) {
    values.set(name, value, KEPT);
  }

  @Override
  public void add(String name, String member) {
    values.add(name, member, KEPT);
  }

  @Override
  public List<String> all(String name) {
    return values.all(name);
  }
}
