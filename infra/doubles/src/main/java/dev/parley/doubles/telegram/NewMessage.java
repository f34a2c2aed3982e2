package dev.parley.doubles.telegram;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// What somebody says, before it has an id.
record NewMessage(
    User from,
    FormattedText text,
    OptionalInt topic,
    OptionalInt replyTo,
    Optional<String> quote,
    Optional<Attachment> attachment,
    Optional<Message.Service> service,
    List<List<Button>> buttons,
    boolean linkPreview) {

  static NewMessage text(User from, FormattedText text) {
    return new NewMessage(
        from,
        text,
        OptionalInt.empty(),
        OptionalInt.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        true);
  }

  static NewMessage service(User from, Message.Service service) {
    return text(from, FormattedText.EMPTY).with(Optional.of(service));
  }

  NewMessage in(OptionalInt newTopic) {
    return new NewMessage(
        from, text, newTopic, replyTo, quote, attachment, service, buttons, linkPreview);
  }

  NewMessage replyingTo(OptionalInt message, Optional<String> newQuote) {
    return new NewMessage(
        from, text, topic, message, newQuote, attachment, service, buttons, linkPreview);
  }

  NewMessage attached(Attachment file) {
    return new NewMessage(
        from, text, topic, replyTo, quote, Optional.of(file), service, buttons, linkPreview);
  }

  NewMessage shown(List<List<Button>> newButtons, boolean preview) {
    return new NewMessage(
        from, text, topic, replyTo, quote, attachment, service, newButtons, preview);
  }

  private NewMessage with(Optional<Message.Service> newService) {
    return new NewMessage(
        from, text, topic, replyTo, quote, attachment, newService, buttons, linkPreview);
  }
}
