package dev.parley.gateway.turn;

import dev.parley.shared.turn.TurnRef;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The open turns of a gateway, by their name and by their conversation, where there are a few each.
final class OpenTurns {
  private final Map<TurnRef, OwnedTurn> byRef = new HashMap<>();
  private final Map<String, List<OwnedTurn>> byConversation = new HashMap<>();

  @Nullable OwnedTurn get(TurnRef ref) {
    return byRef.get(ref);
  }

  int size() {
    return byRef.size();
  }

  Collection<OwnedTurn> all() {
    return Collections.unmodifiableCollection(byRef.values());
  }

  List<OwnedTurn> of(String conversation) {
    return Collections.unmodifiableList(byConversation.getOrDefault(conversation, List.of()));
  }

  /// Adds a turn in the place of one that has its name.
  void add(OwnedTurn turn) {
    OwnedTurn replaced = byRef.put(turn.ref(), turn);
    List<OwnedTurn> siblings =
        byConversation.computeIfAbsent(turn.ref().conversation(), c -> new ArrayList<>());
    siblings.remove(replaced);
    siblings.add(turn);
  }

  /// Removes this very turn; another of the same name stays.
  void remove(OwnedTurn turn) {
    if (byRef.remove(turn.ref(), turn)) {
      String conversation = turn.ref().conversation();
      List<OwnedTurn> siblings = byConversation.getOrDefault(conversation, new ArrayList<>());
      siblings.remove(turn);
      if (siblings.isEmpty()) {
        byConversation.remove(conversation);
      }
    }
  }
}
