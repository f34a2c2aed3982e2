package dev.parley.gateway.telegram;

import dev.parley.gateway.chat.Turns;
import dev.parley.shared.turn.TurnRef;
import java.util.Optional;
import org.telegram.telegrambots.meta.api.objects.CallbackQuery;
import org.telegram.telegrambots.meta.api.objects.message.Message;

/// What the buttons under messages do. Whoever presses one is told above the chat what came of it. Blocks;
/// thread-safe.
final class Buttons {
  private final Turns turns;
  private final Questions questions;
  private final BotCommands commands;
  private final SettingsMenu menu;
  private final BotVoice voice;
  private final TelegramMeters meters;

  Buttons(
      Turns turns,
      Questions questions,
      BotCommands commands,
      SettingsMenu menu,
      BotVoice voice,
      TelegramMeters meters) {
    this.turns = turns;
    this.questions = questions;
    this.commands = commands;
    this.menu = menu;
    this.voice = voice;
    this.meters = meters;
  }

  /// A button that was pressed.
  ///
  /// @param by the press as if whoever pressed had written a message in the place of the one with the button
  /// @param preferences of the chat
  /// @param under the message with the button
  record Pressed(
      CallbackQuery query, String data, Incoming by, Preferences preferences, Message under) {

    Incoming said() {
      return by.under(preferences);
    }

    /// What it does: the part before the turn that it is about.
    String action() {
      int colon = data.indexOf(':');
      return colon < 0 ? data : data.substring(0, colon);
    }

    String turnId() {
      return data.substring(data.indexOf(':') + 1);
    }
  }

  /// @return whether the press need not come again
  boolean press(CallbackQuery query) {
    if (query.getData() == null || !(query.getMessage() instanceof Message under)) {
      Words words = Words.in(Words.closest(query.getFrom().getLanguageCode()));
      return toast(query, words.say("newest.only"));
    }
    Incoming by = Incoming.of(query, under);
    String conversation = questions.conversation(by.address());
    Pressed pressed = new Pressed(query, query.getData(), by, menu.of(conversation), under);
    Words words = pressed.said().words();
    return switch (pressed.action()) {
      case "stop" -> {
        boolean stopped = turns.cancel(new TurnRef(conversation, pressed.turnId()));
        yield toast(query, words.say(stopped ? "stop.done" : "stop.none"));
      }
      case "again", "more" -> {
        Optional<Turns.Newest> newest =
            turns
                .newest(conversation)
                .filter(n -> n.view().turn().turnId().equals(pressed.turnId()));
        yield newest.isEmpty()
            ? toast(query, words.say("newest.only"))
            : repeat(pressed, newest.get()) && toast(query, "");
      }
      case "up", "down" -> {
        meters.feedback(pressed.action());
        yield toast(query, words.say("thanks"));
      }
      default -> toast(query, commands.pressed(pressed, conversation));
    };
  }

  private boolean repeat(Pressed pressed, Turns.Newest newest) {
    String wish = pressed.action() + "-" + pressed.query().getId();
    return pressed.action().equals("again")
        ? questions.again(newest, wish, pressed.said().address())
        : questions.goOn(newest, wish, pressed.said());
  }

  private boolean toast(CallbackQuery query, String text) {
    voice.toast(query.getId(), text);
    return true;
  }
}
