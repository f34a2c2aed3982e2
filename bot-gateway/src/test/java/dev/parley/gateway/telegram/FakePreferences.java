package dev.parley.gateway.telegram;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;

/// Settings in memory.
final class FakePreferences implements PreferenceStore {
  private final Map<String, String> values = new ConcurrentHashMap<>();
  private final Map<String, Set<String>> sets = new ConcurrentHashMap<>();

  @Override
  public Optional<String> find(String name) {
    return Optional.ofNullable(values.get(name));
  }

  @Override
  public void set(String name, String value) {
    values.put(name, value);
  }

  @Override
  public void add(String name, String member) {
    sets.computeIfAbsent(name, n -> new ConcurrentSkipListSet<>()).add(member);
  }

  @Override
  public List<String> all(String name) {
    return List.copyOf(sets.getOrDefault(name, Set.of()));
  }
}
