package dev.parley.gateway.telegram;

import static java.util.stream.Collectors.joining;

import dev.parley.gateway.chat.Turns;
import dev.parley.gateway.conversation.Skill;
import dev.parley.gateway.telegram.TelegramPage.Button;
import dev.parley.gateway.telegram.markup.RichText;
import dev.parley.shared.wire.EndReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Stream;

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
          "skill",
          "settings",
          "status",
          "help",
          "forget",
          "privacy");

  /// Those that do something with a text; an ordinary message is none.
  private static final Set<String> WITH_TEXT = Set.of("", "skill", "as");

  private final Turns turns;
  private final Questions questions;
  private final BotVoice voice;
  private final SettingsMenu menu;
  private final SkillMenu skills;
  private final AdminCommands admin;
  private final DoneCommands done;
  private final long historyHours;
  private final AskLimits limits;

  /// @param historyHours how long a silent conversation is remembered
  BotCommands(
      Turns turns,
      Questions questions,
      BotVoice voice,
      SettingsMenu menu,
      SkillMenu skills,
      AdminCommands admin,
      DoneCommands done,
      long historyHours,
      AskLimits limits) {
    this.turns = turns;
    this.questions = questions;
    this.voice = voice;
    this.menu = menu;
    this.skills = skills;
    this.admin = admin;
    this.done = done;
    this.historyHours = historyHours;
    this.limits = limits;
  }

  /// Whether a file that comes with a message is to be read.
  static boolean wantsText(Incoming said) {
    return WITH_TEXT.contains(said.command());
  }

  /// Does what a command says.
  ///
  /// @return whether it need not come again
  boolean run(Incoming said) {
    long chat = said.address().chat();
    if (done.has(chat, said.messageId())) {
      return true;
    }
    boolean taken = make(said);
    if (taken) {
      done.add(chat, said.messageId());
    }
    return taken;
  }

  private boolean make(Incoming said) {
    TelegramAddress to = said.address();
    String conversation = questions.conversation(to);
    Words words = said.words();
    switch (said.command()) {
      case "start" -> voice.say(to, words.say("start"));
      case "help" -> voice.say(to, words.say("help", list(said, words)));
      case "privacy" -> voice.say(to, words.say("privacy", historyHours));
      case "status" -> voice.say(to, status(words));
      case "stop" -> {
        if (!questions.stop(conversation)) {
          voice.say(to, words.say("stop.none"));
        }
      }
      case "new" -> {
        turns.forget(conversation);
        voice.say(to, words.say("new.done"));
      }
      case "undo" -> undo(said, conversation, words);
      case "settings" -> voice.say(to, menu.page(said.preferences(), words));
      case "forget" -> voice.say(to, confirmation(words));
      case "as" -> {
        String wish = said.text().isEmpty() ? "" : "\n\n" + said.text();
        return questions.draft(said.asking(words.say("as.prompt") + wish));
      }
      case "skill" -> {
        return skill(said, conversation, words);
      }
      case "regenerate" -> {
        return regenerate(said, conversation, words);
      }
      case "continue" -> {
        return more(said, conversation, words);
      }
      default -> {
        if (!admin.run(said)) {
          voice.refuse(to, words.say("unknown.command", "/" + said.command()));
        }
      }
    }
    return true;
  }

  private String status(Words words) {
    Turns.Load load = turns.load();
    String busy =
        words.say(
            "status", load.workers(), load.slots(), load.free(), load.open(), limits.inFlight());
    int hourly = limits.hourly().user();
    return hourly == 0 ? busy : busy + " " + words.say("status.hourly", hourly);
  }

  /// `/skill`, `/skill translate`, `/skill translate some text`, or the second in reply to some text.
  private boolean skill(Incoming said, String conversation, Words words) {
    String name = said.text().split("\\s", 2)[0].toLowerCase(Locale.ROOT);
    String rest = said.text().substring(name.length()).strip();
    String replied = said.replied().map(Incoming.Replied::text).orElse("").strip();
    String text = Stream.of(replied, rest).filter(s -> !s.isEmpty()).collect(joining("\n\n"));
    Optional<Skill> skill = skills.find(name);
    if (skill.isPresent() && !text.isEmpty()) {
      return questions.askAs(said.asking(text), skill.get());
    }
    if (skill.isEmpty() && !name.isEmpty()) {
      voice.refuse(said.address(), words.say("skill.unknown", name));
      return true;
    }
    Preferences now =
        skills.set(name, conversation).filter(p -> !name.isEmpty()).orElse(said.preferences());
    voice.say(said.address(), skills.page(now, words));
    return true;
  }

  /// Does what a button says that is not under an answer.
  ///
  /// @return what to tell whoever pressed it
  String pressed(Buttons.Pressed pressed, String conversation) {
    Words words = pressed.said().words();
    return switch (pressed.data()) {
      case "forget.yes" -> {
        turns.forget(conversation);
        yield words.say("forget.done");
      }
      case "forget.no" -> words.say("forget.kept");
      case "announce.yes", "announce.no" -> admin.pressed(pressed);
      default ->
          menu.press(pressed.data(), conversation)
              .map(now -> changed(pressed, now, menu::page))
              .or(() ->
                  skills
                      .press(pressed.data(), conversation)
                      .map(now -> changed(pressed, now, skills::page)))
              .orElseGet(() -> words.say("newest.only"));
    };
  }

  private String changed(
      Buttons.Pressed pressed, Preferences now, BiFunction<Preferences, Words, TelegramPage> page) {
    Incoming said = pressed.by().under(now);
    voice.change(said.address(), pressed.under().getMessageId(), page.apply(now, said.words()));
    return said.words().say("settings.saved");
  }

  /// Takes the last exchange back, and its messages as far as Telegram lets a bot delete them: its own, and in a
  /// private chat the user's too.
  private void undo(Incoming said, String conversation, Words words) {
    TelegramAddress to = said.address();
    Optional<Turns.Newest> newest = turns.newest(conversation);
    Optional<List<String>> reply = newest.flatMap(n -> turns.retract(n.view().turn()));
    if (newest.isEmpty() || reply.isEmpty()) {
      voice.say(to, words.say("undo.none"));
      return;
    }
    // At once: should we die while the messages are deleted, another exchange is the newest
    // already.
    done.add(to.chat(), said.messageId());
    List<Integer> messages =
        new ArrayList<>(reply.get().stream().map(m -> SentMessage.of(m).id()).toList());
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
    Optional<Turns.Newest> cut =
        turns
            .newest(conversation)
            .filter(n -> n.view().end().equals(Optional.of(EndReason.LENGTH)));
    if (cut.isEmpty()) {
      voice.say(said.address(), words.say("more.none"));
      return true;
    }
    return questions.goOn(cut.get(), "m" + said.messageId(), said);
  }

  private String list(Incoming said, Words words) {
    Stream<String> names =
        admin.isAdmin(said)
            ? Stream.concat(NAMES.stream(), AdminCommands.NAMES.stream())
            : NAMES.stream();
    return names
        .map(name -> "/" + name + " – " + words.say("command." + name))
        .collect(joining("\n"));
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
