package dev.parley.doubles.telegram;

import java.util.Optional;
import java.util.OptionalInt;

/// How somebody says something: as an answer, in a topic, quoting.
public final class Saying {
  private static final Saying PLAIN =
      new Saying(Optional.empty(), Optional.empty(), Optional.empty());

  private final Optional<Message> replyTo;
  private final Optional<String> quote;
  private final Optional<Topic> topic;

  private Saying(Optional<Message> replyTo, Optional<String> quote, Optional<Topic> topic) {
    this.replyTo = replyTo;
    this.quote = quote;
    this.topic = topic;
  }

  /// Just so.
  public static Saying plainly() {
    return PLAIN;
  }

  /// As an answer to that message, in its topic.
  public static Saying replyTo(Message message) {
    return new Saying(Optional.of(message), Optional.empty(), Optional.empty());
  }

  /// In that topic.
  public static Saying in(Topic topic) {
    return new Saying(Optional.empty(), Optional.empty(), Optional.of(topic));
  }

  /// With a part of the message it answers.
  public Saying quoting(String part) {
    return new Saying(replyTo, Optional.of(part), topic);
  }

  NewMessage applyTo(NewMessage message) {
    OptionalInt inTopic =
        topic
            .map(t -> OptionalInt.of(t.id()))
            .orElse(replyTo.map(Message::topic).orElse(message.topic()));
    OptionalInt replied = replyTo.map(m -> OptionalInt.of(m.id())).orElse(message.replyTo());
    return message.in(inTopic).replyingTo(replied, quote);
  }
}
