package dev.parley.doubles.telegram;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;

/// A message with all that it ever said; a value: a later edit makes another one.
///
/// @param id unique within its chat, rising
/// @param topic the `message_thread_id`
/// @param replyTo the id of the message it answers, in the same chat
/// @param quote the part of that message which the reply quotes
/// @param service what Telegram itself says here, then the text is empty
/// @param versions the oldest first, never empty
/// @param deletedAtMs when it was deleted
public record Message(
    Chat chat,
    int id,
    User from,
    OptionalInt topic,
    OptionalInt replyTo,
    Optional<String> quote,
    Optional<Attachment> attachment,
    Optional<Service> service,
    List<Version> versions,
    OptionalLong deletedAtMs) {

  public Message {
    versions = List.copyOf(versions);
    if (versions.isEmpty()) {
      throw new IllegalArgumentException("a message says something");
    }
  }

  /// What Telegram says in a chat.
  public sealed interface Service {
    /// Somebody was added to a group.
    record Joined(User user) implements Service {}

    /// The group lives on under another id.
    record MigratedTo(long chatId) implements Service {}

    /// This supergroup was that group.
    record MigratedFrom(long chatId) implements Service {}

    /// A topic begins; its id is this message's.
    record TopicCreated(String name) implements Service {}
  }

  /// What it says now, or said when it was deleted.
  public Version latest() {
    return versions.getLast();
  }

  /// The text it shows now.
  public String text() {
    return latest().text();
  }

  /// The entities it shows now.
  public List<Entity> entities() {
    return latest().entities();
  }

  /// When it was sent, in the double's time.
  public long sentAtMs() {
    return versions.getFirst().atMs();
  }

  public boolean edited() {
    return versions.size() > 1;
  }

  public boolean deleted() {
    return deletedAtMs.isPresent();
  }

  public boolean fromBot() {
    return from.bot();
  }

  /// The button with that label or that data, if it is there now.
  public Optional<Button> button(String textOrData) {
    return latest()
        .allButtons()
        .filter(b -> b.text().equals(textOrData) || b.data().filter(textOrData::equals).isPresent())
        .findFirst();
  }

  Message changed(Version version) {
    return with(Stream.concat(versions.stream(), Stream.of(version)).toList(), deletedAtMs);
  }

  /// With another file in place of its own.
  Message carrying(Attachment file) {
    return new Message(
        chat, id, from, topic, replyTo, quote, Optional.of(file), service, versions, deletedAtMs);
  }

  Message deletedAt(long now) {
    return with(versions, OptionalLong.of(now));
  }

  private Message with(List<Version> newVersions, OptionalLong deleted) {
    return new Message(
        chat, id, from, topic, replyTo, quote, attachment, service, newVersions, deleted);
  }
}
