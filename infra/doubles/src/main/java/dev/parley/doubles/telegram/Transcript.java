package dev.parley.doubles.telegram;

import java.util.List;
import java.util.Optional;

/// A chat as it was at one moment: every message with all its versions, deleted ones too.
///
/// @param drafts those the bot streamed, also when they are gone from the screen; the last changed last
public record Transcript(
    Chat chat,
    List<Message> messages,
    List<Draft> drafts,
    List<ChatAction> actions,
    List<Press> presses) {

  public Transcript {
    messages = List.copyOf(messages);
    drafts = List.copyOf(drafts);
    actions = List.copyOf(actions);
    presses = List.copyOf(presses);
  }

  /// What somebody who opens the chat sees.
  public List<Message> visible() {
    return messages.stream().filter(m -> !m.deleted()).toList();
  }

  /// What the bot said and nobody deleted.
  public List<Message> fromBot() {
    return messages.stream().filter(m -> m.fromBot() && !m.deleted()).toList();
  }

  /// What the bot said in answer to that message and nobody deleted.
  public List<Message> repliesTo(Message message) {
    return fromBot().stream().filter(m -> m.replyTo().orElse(0) == message.id()).toList();
  }

  /// The draft that nothing has taken away, the last one of several; its time may be over.
  public Optional<Draft> openDraft() {
    return drafts.stream().filter(Draft::open).reduce((first, last) -> last);
  }

  /// The message of that id, deleted or not.
  public Optional<Message> message(int id) {
    return messages.stream().filter(m -> m.id() == id).findFirst();
  }

  /// A message as it is in this transcript.
  ///
  /// @throws IllegalArgumentException when it never was in this chat
  public Message now(Message earlier) {
    return message(earlier.id())
        .orElseThrow(() -> new IllegalArgumentException("no message " + earlier.id()));
  }

  /// A press as it is in this transcript.
  ///
  /// @throws IllegalArgumentException when it never was in this chat
  public Press now(Press earlier) {
    return presses.stream()
        .filter(p -> p.queryId().equals(earlier.queryId()))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no press " + earlier.queryId()));
  }

  /// For people: one line a message.
  @Override
  public String toString() {
    StringBuilder lines = new StringBuilder(chat.name()).append(" (").append(chat.id()).append(")");
    for (Message m : messages) {
      lines.append("\n  ").append(m.id()).append(' ').append(m.from().firstName());
      m.replyTo().ifPresent(id -> lines.append(" -> ").append(id));
      m.service().ifPresent(service -> lines.append(' ').append(service));
      m.attachment().ifPresent(a -> lines.append(" [").append(a.name()).append(']'));
      lines.append(m.deleted() ? " deleted" : m.edited() ? " edited" : "");
      lines.append(": ").append(m.text().replace("\n", "\\n"));
      m.latest().allButtons().forEach(b -> lines.append(" [").append(b.text()).append(']'));
    }
    for (Draft d : drafts) {
      lines.append("\n  draft ").append(d.id()).append(d.open() ? ": " : " ended: ");
      lines.append(d.text().replace("\n", "\\n"));
    }
    return lines.toString();
  }
}
