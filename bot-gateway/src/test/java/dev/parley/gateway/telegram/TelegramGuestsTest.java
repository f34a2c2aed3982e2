package dev.parley.gateway.telegram;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.doubles.telegram.Chat;
import dev.parley.doubles.telegram.Message;
import dev.parley.doubles.telegram.Saying;
import dev.parley.doubles.telegram.Transcript;
import dev.parley.doubles.telegram.User;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Who may use the bot, how much, and what admins can do about it.
final class TelegramGuestsTest {
  @AutoClose private final BotUnderTest bot = BotUnderTest.polling();
  private final User root =
      bot.telegram.users().person("Root", BotUnderTest.ADMIN.substring(1), "en");
  private final Chat office = bot.telegram.users().privateChat(root);

  @Test
  void who_writes_too_much_is_told_when_to_come_back() throws InterruptedException {
    bot.rates = (user, chat) -> Duration.ofSeconds(700);
    Message question = bot.asks("Hello?");
    bot.answer(question, m -> m.text().endsWith("send this message again in 12 min."));
    assertThat(bot.gateways.queue).isEmpty();

    bot.rates = (user, chat) -> Duration.ZERO;
    Message again = bot.asks("Hello again?");
    bot.answers("Hi");
    bot.answer(again, m -> m.text().equals("Hi"));
  }

  @Test
  void a_message_that_was_taken_is_not_refused_when_it_comes_again() throws InterruptedException {
    AtomicInteger taken = new AtomicInteger();
    bot.rates = (user, chat) -> Duration.ofSeconds(taken.getAndIncrement() == 0 ? 0 : 700);
    bot.telegram.repeatUpdates(1, 7);

    Message question = bot.asks("Hello?");
    bot.answers("Hi");
    bot.answer(question, m -> m.button("🔄 Regenerate").isPresent());
    Message second = bot.asks("/stop");
    bot.answer(second, m -> m.text().startsWith("Nothing is being answered"));

    assertThat(bot.sees(t -> true).repliesTo(question)).hasSize(1);
  }

  @Test
  void an_edit_that_is_too_much_is_refused_and_the_answer_stays() throws InterruptedException {
    Message question = bot.asks("Hello?");
    bot.begins("Hi");
    bot.answer(question, m -> m.text().equals("Hi"));
    bot.rates = (user, chat) -> Duration.ofSeconds(30);

    bot.telegram.users().edits(question, "Hello!");

    bot.sees(t -> shows(t, "Please send this message again in 30 s."));
    assertThat(bot.sees(t -> true).repliesTo(question).getFirst().text()).isEqualTo("Hi");
  }

  @Test
  void a_flood_of_one_user_is_answered_in_few_words_and_others_are_not_kept_waiting()
      throws InterruptedException {
    for (int i = 0; i < 150; i++) {
      bot.asks("/nonsense" + i);
    }
    User bob = bot.telegram.users().person("Bob", "bob", "en");
    Chat his = bot.telegram.users().privateChat(bob);
    Message question = bot.telegram.users().says(bob, his, "Hello?");

    bot.answersTo(bot.promptWith("Hello?"), "Hi Bob");

    in(his, t -> t.repliesTo(question).stream().anyMatch(m -> m.text().equals("Hi Bob")));
    assertThat(bot.sees(t -> true).fromBot()).hasSizeBetween(1, 20);
    assertThat(bot.count("parley.telegram.unsaid")).isGreaterThan(100);
  }

  @Test
  void an_admin_shuts_somebody_out_and_lets_him_in_again() throws InterruptedException {
    orders("/ban " + bot.ann.id(), bot.ann.id() + " may not use this bot any more.");
    Message turnedAway = bot.asks("Hello?");
    bot.answer(turnedAway, m -> m.text().contains("not open to everybody"));

    orders("/limits", "Banned: " + bot.ann.id());
    orders("/unban " + bot.ann.id(), "may use this bot again");
    Message question = bot.asks("And now?");
    bot.answers("Hi");
    bot.answer(question, m -> m.text().equals("Hi"));
  }

  @Test
  void an_admin_bans_by_a_reply() throws InterruptedException {
    Chat group = bot.telegram.users().group("Team", root, bot.ann);
    Message said = bot.telegram.users().says(bot.ann, group, "@parley_bot buy my coins");
    bot.promptWith("buy my coins");

    bot.telegram.users().says(root, group, "/ban", Saying.replyTo(said));

    in(group, t -> shows(t, bot.ann.id() + " may not use this bot any more."));
  }

  @Test
  void for_everybody_else_there_are_no_admin_commands() throws InterruptedException {
    Message ban = bot.asks("/ban " + root.id());
    bot.answer(ban, m -> m.text().startsWith("I do not know the command /ban."));

    Message help = bot.asks("/help");
    assertThat(bot.answer(help, m -> m.text().contains("/regenerate")).text())
        .doesNotContain("/announce");
  }

  @Test
  void an_announcement_is_shown_asked_about_and_told_to_every_chat_once()
      throws InterruptedException {
    bot.answer(bot.asks("/stop"), m -> !m.text().isEmpty());
    orders("/announce", "Write what is to be announced");
    bot.telegram.users().says(root, office, "/announce Back at <5>\nsharp.");
    Message asked =
        in(office, t -> shows(t, "Tell 2 chats this?\n\nBack at <5>\nsharp.")).fromBot().getLast();

    bot.telegram.users().presses(root, asked, "Yes, tell them");
    bot.sees(t -> shows(t, "Back at <5>\nsharp."));
    in(office, t -> shows(t, "Told 2 of 2 chats."));
    var second = bot.telegram.users().presses(root, asked, "Yes, tell them");

    Transcript end = in(office, t -> t.now(second).answer().isPresent());
    assertThat(end.now(second).answer().orElseThrow().text()).isEqualTo("Not announced.");
    assertThat(bot.sees(t -> true).fromBot().stream().filter(m -> m.text().startsWith("Back")))
        .hasSize(1);
  }

  private void orders(String command, String answer) throws InterruptedException {
    bot.telegram.users().says(root, office, command);
    in(office, t -> shows(t, answer));
  }

  private Transcript in(Chat chat, Predicate<Transcript> condition) throws InterruptedException {
    return bot.telegram.await(chat, condition, BotUnderTest.LIMIT);
  }

  private static boolean shows(Transcript transcript, String text) {
    return transcript.fromBot().stream().anyMatch(m -> m.text().contains(text));
  }
}
