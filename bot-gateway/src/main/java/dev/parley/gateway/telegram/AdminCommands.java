package dev.parley.gateway.telegram;

import dev.parley.gateway.telegram.TelegramPage.Button;
import dev.parley.gateway.telegram.markup.RichText;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.telegram.telegrambots.meta.api.objects.message.Message;

/// What admins can say. To everybody else these commands do not exist, nor do they without admins in the settings.
/// Blocks; thread-safe.
final class AdminCommands {
  static final List<String> NAMES = List.of("ban", "unban", "limits", "announce");

  private static final Pattern WHO = Pattern.compile("-?\\d{1,18}|@\\w{1,64}");

  private final Guests guests;
  private final Bans bans;
  private final Announcement announcement;
  private final AskLimits limits;
  private final BotVoice voice;

  AdminCommands(
      Guests guests, Bans bans, Announcement announcement, AskLimits limits, BotVoice voice) {
    this.guests = guests;
    this.bans = bans;
    this.announcement = announcement;
    this.limits = limits;
    this.voice = voice;
  }

  boolean isAdmin(Incoming said) {
    return guests.isAdmin(said.user(), said.username());
  }

  /// Does what an admin's command says.
  ///
  /// @return false when it is no such command, or not an admin's
  boolean run(Incoming said) {
    if (!NAMES.contains(said.command()) || !isAdmin(said)) {
      return false;
    }
    Words words = said.words();
    switch (said.command()) {
      case "ban" -> voice.say(said.address(), ban(said, words));
      case "unban" -> voice.say(said.address(), unban(said, words));
      case "limits" -> voice.say(said.address(), limits(words));
      default -> announce(said, words);
    }
    return true;
  }

  /// Does what a button under an announcement says, of which the message that is replied to has the text.
  ///
  /// @return what to tell whoever pressed it
  String pressed(Buttons.Pressed pressed) {
    Words words = pressed.said().words();
    Message asked = pressed.under().getReplyToMessage();
    if (!isAdmin(pressed.said()) || asked == null || asked.getText() == null) {
      return words.say("newest.only");
    }
    String text = asked.getText().replaceFirst("\\S+\\s*", "");
    String id = pressed.said().address().chat() + "/" + asked.getMessageId();
    TelegramAddress admin = pressed.said().address();
    boolean made = pressed.data().equals("announce.yes") && announcement.make(id, text, admin);
    return words.say(made ? "announce.made" : "announce.not");
  }

  private String ban(Incoming said, Words words) {
    Optional<String> who = who(said);
    if (who.isEmpty()) {
      return words.say("ban.who");
    }
    return words.say(bans.add(who.get()) ? "ban.done" : "ban.many", who.get(), Bans.MOST);
  }

  private String unban(Incoming said, Words words) {
    Optional<String> who = who(said);
    if (who.isEmpty()) {
      return words.say("ban.who");
    }
    return words.say(bans.remove(who.get()) ? "unban.done" : "unban.none", who.get());
  }

  /// Named, or by a reply to what they wrote.
  private static Optional<String> who(Incoming said) {
    return said.text().isEmpty()
        ? said.replied().filter(r -> !r.known()).map(r -> Long.toString(r.user()))
        : Optional.of(said.text()).filter(text -> WHO.matcher(text).matches());
  }

  private String limits(Words words) {
    List<String> banned = bans.all();
    return words.say(
        "limits",
        limits.inFlight(),
        limits.messageChars(),
        hourly(limits.hourly().user(), words),
        hourly(limits.hourly().chat(), words),
        banned.isEmpty() ? words.say("limits.nobody") : String.join(", ", banned));
  }

  private static String hourly(int most, Words words) {
    return most == 0 ? words.say("limits.any") : Integer.toString(most);
  }

  /// Shows what everybody would be told, and asks first.
  private void announce(Incoming said, Words words) {
    if (said.text().isEmpty()) {
      voice.say(said.address(), words.say("announce.what"));
      return;
    }
    String text = words.say("announce.ask", announcement.chats()) + "\n\n" + said.text();
    voice.say(
        said.address(),
        new TelegramPage(
            new RichText(text, List.of()),
            List.of(
                List.of(
                    new Button(words.say("announce.yes"), "announce.yes"),
                    new Button(words.say("announce.no"), "announce.no")))));
  }
}
