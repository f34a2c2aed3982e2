package dev.parley.doubles.telegram;

import java.util.List;
import java.util.stream.Stream;

/// What a message said from a moment on, until its next version.
///
/// @param atMs when, in the double's time
/// @param text a document's caption, if it has one
/// @param entities those the sender gave and those that Telegram finds in the text
/// @param buttons rows of the inline keyboard
/// @param linkPreview whether a link in the text unfolds to a preview
public record Version(
    long atMs,
    String text,
    List<Entity> entities,
    List<List<Button>> buttons,
    boolean linkPreview) {

  public Version {
    entities = List.copyOf(entities);
    buttons = List.copyOf(buttons);
  }

  /// The parts of the text that are entities of this type.
  public List<String> parts(Entity.Type type) {
    return entities.stream().filter(e -> e.type() == type).map(e -> e.of(text)).toList();
  }

  /// The buttons without their rows.
  public Stream<Button> allButtons() {
    return buttons.stream().flatMap(List::stream);
  }

  /// Whether somebody who looks at both sees a difference; so Telegram decides that a message is not modified.
  boolean showsTheSameAs(Version other) {
    return text.equals(other.text)
        && entities.equals(other.entities)
        && buttons.equals(other.buttons);
  }

  Version withButtons(long now, List<List<Button>> newButtons) {
    return new Version(now, text, entities, newButtons, linkPreview);
  }
}
