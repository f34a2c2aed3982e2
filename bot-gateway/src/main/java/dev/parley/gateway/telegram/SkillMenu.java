package dev.parley.gateway.telegram;

import dev.parley.gateway.conversation.Skill;
import dev.parley.gateway.conversation.Skills;
import dev.parley.gateway.telegram.TelegramPage.Button;
import dev.parley.gateway.telegram.markup.RichText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Shows the skills, and sets the one that a chat's messages are answered with. Blocks; thread-safe.
final class SkillMenu {
  private static final int BUTTONS_A_ROW = 3;

  /// Before the name in what a button brings back; alone it is the one without a skill.
  private static final String ACTION = "skill:";

  private final Skills skills;
  private final SettingsMenu settings;

  SkillMenu(Skills skills, SettingsMenu settings) {
    this.skills = skills;
    this.settings = settings;
  }

  Optional<Skill> find(String name) {
    return skills.find(name);
  }

  /// The skill that a chat has set.
  Optional<Skill> of(Preferences preferences) {
    return skills.find(preferences.skill());
  }

  /// All of them, with the one that is set.
  TelegramPage page(Preferences now, Words words) {
    Optional<Skill> set = of(now);
    String current = set.map(s -> s.title(words.language())).orElse(words.say("skill.none"));
    StringBuilder text = new StringBuilder(words.say("skill.title", current)).append("\n");
    List<Button> buttons = new ArrayList<>();
    buttons.add(button("", words.say("skill.none"), set.isEmpty()));
    for (Skill skill : skills.all()) {
      text.append("\n/skill ").append(skill.name());
      String about = skill.about(words.language());
      text.append(about.isEmpty() ? "" : " – " + about);
      buttons.add(
          button(skill.name(), skill.title(words.language()), set.equals(Optional.of(skill))));
    }
    return new TelegramPage(new RichText(text.toString(), List.of()), rows(buttons));
  }

  private static Button button(String name, String title, boolean set) {
    return new Button((set ? "✓ " : "") + title, ACTION + name);
  }

  private static List<List<Button>> rows(List<Button> buttons) {
    List<List<Button>> rows = new ArrayList<>();
    for (int at = 0; at < buttons.size(); at += BUTTONS_A_ROW) {
      rows.add(buttons.subList(at, Math.min(at + BUTTONS_A_ROW, buttons.size())));
    }
    return rows;
  }

  /// Does what a button of the menu says.
  ///
  /// @return what is set now; empty when the button is none of the menu's
  Optional<Preferences> press(String data, String conversation) {
    return data.startsWith(ACTION)
        ? set(data.substring(ACTION.length()), conversation)
        : Optional.empty();
  }

  /// Sets the skill of a chat.
  ///
  /// @param name empty for none
  /// @return what is set now; empty when there is no such skill
  Optional<Preferences> set(String name, String conversation) {
    return name.isEmpty() || skills.find(name).isPresent()
        ? settings.change(conversation, now -> Optional.of(now.withSkill(name)))
        : Optional.empty();
  }
}
