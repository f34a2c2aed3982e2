package dev.parley.simulation;

import dev.parley.shared.turn.TurnRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The messages on a platform that answer one question: of the turn that answers it, and of those in whose place that
/// one came.
final class Chat {

  /// A message of the bot's.
  static final class Message {
    final String id;

    /// Whose mark it bears.
    final TurnRef by;

    /// Its place among the reply's messages.
    final int part;

    String text;

    Message(String id, TurnRef by, int part, String text) {
      this.id = id;
      this.by = by;
      this.part = part;
      this.text = text;
    }
  }

  private final List<Message> messages = new ArrayList<>();

  /// Messages that were ever sent.
  private int sent;

  /// The platform let nobody in any more.
  boolean gone;

  Message send(TurnRef by, int part, String text) {
    Message message = new Message(by.turnId() + "-" + sent++, by, part, text);
    messages.add(message);
    return message;
  }

  Optional<Message> find(String id) {
    return messages.stream().filter(m -> m.id.equals(id)).findFirst();
  }

  Optional<Message> find(TurnRef by, int part) {
    return messages.stream().filter(m -> m.by.equals(by) && m.part == part).findFirst();
  }

  void delete(String id) {
    messages.removeIf(m -> m.id.equals(id));
  }

  /// What a reader sees, from the top.
  List<String> texts() {
    return messages.stream().map(m -> m.text).toList();
  }
}
