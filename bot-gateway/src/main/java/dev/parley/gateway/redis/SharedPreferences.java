package dev.parley.gateway.redis;

import dev.parley.gateway.telegram.PreferenceStore;
import dev.parley.shared.redis.RedisValues;
import java.time.Duration;
import java.util.Optional;

/// Chats' settings in Redis, a year after they were last changed.
public final class SharedPreferences implements PreferenceStore {
  private static final Duration KEPT = Duration.ofDays(365);

  private final RedisValues values;

  public SharedPreferences(RedisValues values) {
    this.values = values;
  }

  @Override
  public Optional<String> find(String conversation) {
    return values.find(conversation);
  }

  @Override
  public void set(String conversation, String json) {
    values.set(conversation, json, KEPT);
  }
}
