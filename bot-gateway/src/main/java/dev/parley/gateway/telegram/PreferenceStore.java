package dev.parley.gateway.telegram;

import java.util.List;
import java.util.Optional;

/// Where is kept what chats have set, and what the bot has to know of chats. Blocks, and throws
/// [dev.parley.shared.turn.StoreUnavailable] when it cannot answer.
public interface PreferenceStore {

  Optional<String> find(String name);

  void set(String name, String value);

  /// Puts something into a set.
  void add(String name, String member);

  /// What was put into a set, the longest ago first; what was not for a long time may be missing.
  List<String> all(String name);
}
