package dev.parley.gateway.telegram;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.gateway.telegram.TelegramPage.Button;
import dev.parley.gateway.telegram.markup.RichText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads, shows and changes a chat's [Preferences]. Blocks; thread-safe.
final class SettingsMenu {
  private static final Logger LOG = LoggerFactory.getLogger(SettingsMenu.class);

  /// In the order in which they are shown.
  private static final List<String> NAMES = List.of("preset", "length", "language");

  private static final String ACTION = "set";
  private static final int PARTS = 3;

  private final PreferenceStore store;
  private final String model;
  private final ObjectMapper json = new ObjectMapper();

  /// @param model name of the one that answers, which nobody can choose
  SettingsMenu(PreferenceStore store, String model) {
    this.store = store;
    this.model = model;
  }

  Preferences of(String conversation) {
    return store.find(conversation).map(this::parse).orElse(Preferences.NONE);
  }

  private Preferences parse(String text) {
    try {
      return json.readValue(text, Preferences.class);
    } catch (JsonProcessingException e) {
      LOG.warn("a chat's settings are not readable and count as not set", e);
      return Preferences.NONE;
    }
  }

  /// The menu of a chat.
  TelegramPage page(Preferences now, Words words) {
    StringBuilder text = new StringBuilder(words.say("settings.title"));
    text.append("\n").append(words.say("settings.model")).append(": ").append(model);
    List<List<Button>> rows = new ArrayList<>();
    for (String name : NAMES) {
      text.append("\n")
          .append(words.say("settings." + name))
          .append(": ")
          .append(words.say(name + "." + now.of(name)));
      List<Button> row = new ArrayList<>();
      for (String value : Preferences.CHOICES.getOrDefault(name, List.of())) {
        String mark = now.of(name).equals(value) ? "✓ " : "";
        row.add(
            new Button(
                mark + words.say(name + "." + value), String.join(":", ACTION, name, value)));
      }
      rows.add(row);
    }
    return new TelegramPage(new RichText(text.toString(), List.of()), rows);
  }

  /// Changes what a button of the menu says.
  ///
  /// @return what is set now; empty when the button is none of the menu's
  Optional<Preferences> press(String data, String conversation) {
    String[] parts = data.split(":", -1);
    if (parts.length != PARTS || !parts[0].equals(ACTION)) {
      return Optional.empty();
    }
    return change(conversation, now -> now.with(parts[1], parts[2]));
  }

  /// @param to empty where it cannot be changed so
  /// @return what is set now
  Optional<Preferences> change(
      String conversation, Function<Preferences, Optional<Preferences>> to) {
    Optional<Preferences> changed = to.apply(of(conversation));
    changed.ifPresent(now -> store.set(conversation, write(now)));
    return changed;
  }

  private String write(Preferences preferences) {
    try {
      return json.writeValueAsString(preferences);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("settings are always JSON", e);
    }
  }
}
