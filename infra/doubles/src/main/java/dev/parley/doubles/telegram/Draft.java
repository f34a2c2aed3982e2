package dev.parley.doubles.telegram;

import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;

/// A preview that a bot streams into a private chat; it is gone [#LIFE_MS] after its last change, or with the bot's
/// next message, and it is no message.
///
/// @param topic the `message_thread_id`
/// @param versions the oldest first, never empty; an empty text shows as "Thinking..."
/// @param canStop whether it has Telegram's own Stop
/// @param endedAtMs when a message of the bot or a Stop took it away
public record Draft(
    long id, OptionalInt topic, List<Version> versions, boolean canStop, OptionalLong endedAtMs) {

  /// How long it stays after its last change, ms.
  static final long LIFE_MS = 30_000;

  public Draft {
    versions = List.copyOf(versions);
    if (versions.isEmpty()) {
      throw new IllegalArgumentException("a draft shows something");
    }
  }

  /// What it shows, or showed when it went.
  public Version latest() {
    return versions.getLast();
  }

  /// The text it shows.
  public String text() {
    return latest().text();
  }

  /// Whether nothing has taken it away; then only its time can be over.
  public boolean open() {
    return endedAtMs.isEmpty();
  }

  /// Whether somebody who looks at the chat at that time sees it.
  public boolean visible(long atMs) {
    return open() && atMs - latest().atMs() < LIFE_MS;
  }

  Draft changed(OptionalInt newTopic, Version version, boolean stoppable) {
    List<Version> all = Stream.concat(versions.stream(), Stream.of(version)).toList();
    return new Draft(id, newTopic, all, stoppable, OptionalLong.empty());
  }

  Draft ended(long now) {
    return new Draft(id, topic, versions, canStop, OptionalLong.of(now));
  }
}
