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
  private final BotVoice voice;
  private final TelegramMeters meters;

  Buttons(
      Turns turns,
      Questions questions,
      BotCommands commands,
      BotVoice voice,
      TelegramMeters meters) {
    this.turns = turns;
    this.questions = questions;
    this.commands = commands;
    this.voice = voice;
    this.meters = meters;
  }

  /// @return whether the press need not come again
  boolean press(CallbackQuery query) {
    Words words = Words.in(Words.closest(languageOf(query)));
    String data = query.getData();
    if (data == null || !(query.getMessage() instanceof Message under)) {
      voice.toast(query.getId(), words.say("newest.only"));
      return true;
    }
    TelegramAddress place = Incoming.address(under).speaking(Words.closest(languageOf(query)));
    String conversation = questions.conversation(place);
    int colon = data.indexOf(':');
    String action = colon < 0 ? data : data.substring(0, colon);
    String turnId = data.substring(colon + 1);
    return switch (action) {
      case "stop" -> {
        boolean stopped = turns.cancel(new TurnRef(conversation, turnId));
        yield toast(query, words.say(stopped ? "stop.done" : "stop.none"));
      }
      case "again", "more" -> {
        Optional<Turns.Newest> newest =
            turns.newest(conversation).filter(n -> n.view().turn().turnId().equals(turnId));
        yield newest.isEmpty()
            ? toast(query, words.say("newest.only"))
            : repeat(action, query, newest.get(), place, words);
      }
      case "up", "down" -> {
        meters.feedback(action);
        yield toast(query, words.say("thanks"));
      }
      default -> toast(query, commands.pressed(data, conversation, place, words));
    };
  }

  private boolean repeat(
      String action, CallbackQuery query, Turns.Newest newest, TelegramAddress place, Words words) {
    boolean taken;
    if (action.equals("again")) {
      taken = questions.again(newest, "again-" + query.getId(), place);
    } else {
      Incoming more =
          new Incoming(
              query.getFrom().getId(),
              place.quoted(),
              place,
              "",
              words.say("more.prompt"),
              Optional.empty(),
              false);
      taken = questions.askApart(more, "more-" + query.getId());
    }
    return taken && toast(query, "");
  }

  private boolean toast(CallbackQuery query, String text) {
    voice.toast(query.getId(), text);
    return true;
  }

  private static String languageOf(CallbackQuery query) {
    String code = query.getFrom().getLanguageCode();
    return code == null ? "" : code;
  }
}
