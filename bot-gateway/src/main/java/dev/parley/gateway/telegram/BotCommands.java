package dev.parley.gateway.telegram;

import dev.parley.gateway.chat.Turns;
import dev.parley.gateway.telegram.TelegramPage.Button;
import dev.parley.gateway.telegram.markup.RichText;
import dev.parley.shared.wire.EndReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// What the commands do. Blocks; thread-safe.
final class BotCommands {

  /// In the order in which Telegram's menu shows them.
  static final List<String> NAMES =
      List.of(
          "new",
          "stop",
          "regenerate",
          "continue",
          "undo",
          "as",
          "settings",
          "status",
          "help",
          "forget",
          "privacy");

  private final Turns turns;
  private final Questions questions;
  private final BotVoice voice;
  private final SettingsMenu menu;
  private final PreferenceStore done;
  private final long historyHours;
  private final int userInFlight;

  /// @param done keeps which `/undo` was the last
  /// @param historyHours how long a silent conversation is remembered
  /// @param userInFlight answers that one person may have in progress
  BotCommands(
      Turns turns,
      Questions questions,
      BotVoice voice,
      SettingsMenu menu,
      PreferenceStore done,
      long historyHours,
      int userInFlight) {
    this.turns = turns;
    this.questions = questions;
    this.voice = voice;
    this.menu = menu;
    this.done = done;
    this.historyHours = historyHours;
    this.userInFlight = userInFlight;
  }

  /// Does what a command says.
  ///
  /// @return whether it need not come again
  boolean run(Incoming said) {
    TelegramAddress to = said.address();
    String conversation = questions.conversation(to);
    Words words = Words.in(menu.of(conversation).speaking(to.language()));
    switch (said.command()) {
      case "start" -> voice.say(to, words.say("start"));
      case "help" -> voice.say(to, words.say("help", list(words)));
      case "privacy" -> voice.say(to, words.say("privacy", historyHours));
      case "status" -> {
        Turns.Load load = turns.load();
        voice.say(
            to,
            words.say(
                "status", load.workers(), load.slots(), load.free(), load.open(), userInFlight));
      }
      case "stop" -> stop(conversation, to, words);
      case "new" -> {
        turns.forget(conversation);
        voice.say(to, words.say("new.done"));
      }
      case "undo" -> undo(said, conversation, words);
      case "settings" -> voice.say(to, menu.page(menu.of(conversation), words));
      case "forget" -> voice.say(to, confirmation(words));
      case "as" -> {
        String wish = said.text().isEmpty() ? "" : "\n\n" + said.text();
        return questions.draft(said.asking(words.say("as.prompt") + wish));
      }
      case "regenerate" -> {
        return regenerate(said, conversation, words);
      }
      case "continue" -> {
        return more(said, conversation, words);
      }
      default -> voice.say(to, words.say("unknown.command", "/" + said.command()));
    }
    return true;
  }

  /// Does what a button says that is not under an answer.
  ///
  /// @param under the message with the button
  /// @return what to tell whoever pressed it
  String pressed(String data, String conversation, TelegramAddress under, Words words) {
    return switch (data) {
      case "forget.yes" -> {
        turns.forget(conversation);
        yield words.say("forget.done");
      }
      case "forget.no" -> words.say("forget.kept");
      default ->
          menu.press(data, conversation)
              .map(now -> changed(now, under))
              .orElseGet(() -> words.say("newest.only"));
    };
  }

  private String changed(Preferences now, TelegramAddress under) {
    Words words = Words.in(now.speaking(under.language()));
    voice.change(under, under.quoted(), menu.page(now, words));
    return words.say("settings.saved");
  }

  private void stop(String conversation, TelegramAddress to, Words words) {
    boolean stopped =
        turns
            .newest(conversation)
            .filter(n -> n.view().end().isEmpty())
            .map(n -> turns.cancel(n.view().turn()))
            .orElse(false);
    if (!stopped) {
      voice.say(to, words.say("stop.none"));
    }
  }

  /// Takes the last exchange back, and its messages as far as Telegram lets a bot delete them: its own, and in a
  /// private chat the user's too.
  private void undo(Incoming said, String conversation, Words words) {
    TelegramAddress to = said.address();
    String last = "undo:" + conversation;
    String id = Integer.toString(said.messageId());
    if (done.find(last).equals(Optional.of(id))) {
      // The update came again; another exchange is the newest by now.
      return;
    }
    Optional<Turns.Newest> newest = turns.newest(conversation);
    Optional<List<String>> reply = newest.flatMap(n -> turns.retract(n.view().turn()));
    if (newest.isEmpty() || reply.isEmpty()) {
      voice.say(to, words.say("undo.none"));
      return;
    }
    done.set(last, id);
    List<Integer> messages = new ArrayList<>(reply.get().stream().map(Integer::valueOf).toList());
    if (!to.group()) {
      TelegramAddress.of(newest.get().request().reply())
          .ifPresent(asked -> messages.addAll(asked.questions()));
      messages.add(said.messageId());
    }
    voice.delete(to, messages);
    if (to.group()) {
      voice.say(to, words.say("undo.done"));
    }
  }

  private boolean regenerate(Incoming said, String conversation, Words words) {
    Optional<Turns.Newest> newest = turns.newest(conversation);
    if (newest.isEmpty()) {
      voice.say(said.address(), words.say("again.none"));
      return true;
    }
    return questions.again(newest.get(), "again-m" + said.messageId(), said.address());
  }

  private boolean more(Incoming said, String conversation, Words words) {
    boolean cut =
        turns
            .newest(conversation)
            .filter(n -> n.view().end().equals(Optional.of(EndReason.LENGTH)))
            .isPresent();
    if (!cut) {
      voice.say(said.address(), words.say("more.none"));
      return true;
    }
    return questions.askApart(said.asking(words.say("more.prompt")), "m" + said.messageId());
  }

  private static String list(Words words) {
    return NAMES.stream()
        .map(name -> "/" + name + " – " + words.say("command." + name))
        .collect(Collectors.joining("\n"));
  }

  private static TelegramPage confirmation(Words words) {
    return new TelegramPage(
        new RichText(words.say("forget.ask"), List.of()),
        List.of(
            List.of(
                new Button(words.say("forget.yes"), "forget.yes"),
                new Button(words.say("forget.no"), "forget.no"))));
  }
}
