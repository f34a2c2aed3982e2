package dev.parley.gateway.telegram;

import java.util.Optional;

/// Where chats' settings are kept. Blocks, and throws [dev.parley.shared.turn.StoreUnavailable] when it cannot
/// answer.
public interface PreferenceStore {

  Optional<String> find(String conversation);

  void set(String conversation, String json);
}
