package dev.parley.gateway.telegram;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// Where is kept what chats have set, and what the bot has to know of chats. Blocks, and throws
/// [dev.parley.shared.turn.StoreUnavailable] when it cannot answer.
public interface PreferenceStore {

  Optional<String> find(String name);

  void set(String name, String value);

  /// The members of a short list that is kept as one value.
  default List<String> list(String name) {
    return find(name)
        .filter(text -> !text.isEmpty())
        .map(text -> List.of(text.split(",", -1)))
        .orElse(List.of());
  }

  /// @param members without commas
  default void setList(String name, Collection<String> members) {
    set(name, String.join(",", members));
  }

  /// Puts something into a set.
  void add(String name, String member);

  /// What was put into a set, the longest ago first; what was not for a long time may be missing.
  List<String> all(String name);
}
