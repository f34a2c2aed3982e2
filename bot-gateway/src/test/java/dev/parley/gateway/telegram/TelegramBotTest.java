package dev.parley.gateway.telegram;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.doubles.telegram.Button;
import dev.parley.doubles.telegram.Chat;
import dev.parley.doubles.telegram.Entity;
import dev.parley.doubles.telegram.Message;
import dev.parley.doubles.telegram.Press;
import dev.parley.doubles.telegram.Saying;
import dev.parley.doubles.telegram.Topic;
import dev.parley.doubles.telegram.Transcript;
import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.wire.EndReason;
import dev.parley.shared.wire.Prompt;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

final class TelegramBotTest {
  @AutoClose private final BotUnderTest bot = BotUnderTest.polling();

  @Test
  void a_question_gets_one_reply_that_grows_to_the_whole_answer() throws InterruptedException {
    Message question = bot.asks("What is the capital of France?");

    TurnRef turn = bot.begins("The capital ", "is ");
    bot.answer(question, m -> m.text().equals("The capital is"));
    bot.goesOn(turn, "**Paris**.");
    bot.ends(turn, "The capital is **Paris**.");

    Message answer = bot.answer(question, m -> m.text().equals("The capital is Paris."));
    assertThat(answer.latest().parts(Entity.Type.BOLD)).containsExactly("Paris");
    Transcript end = bot.sees(t -> t.now(answer).button("🔄 Regenerate").isPresent());
    assertThat(end.fromBot()).hasSize(1);
    assertThat(labels(end.now(answer))).containsExactly("🔄 Regenerate", "👍", "👎");
  }

  @Test
  void while_it_is_written_an_answer_can_be_stopped() throws InterruptedException {
    Message question = bot.asks("Tell me a long story.");
    bot.begins("Once upon ", "a time");
    Message answer = bot.answer(question, m -> m.text().startsWith("Once upon"));

    Press press = bot.telegram.users().presses(bot.ann, answer, "⏹ Stop");

    Message stopped = bot.answer(question, m -> m.text().endsWith("Stopped."));
    assertThat(stopped.text()).isEqualTo("Once upon a time\n\nStopped.");
    Transcript told = bot.sees(t -> t.now(press).answer().isPresent());
    assertThat(told.now(press).answer().orElseThrow().text()).isEqualTo("Stopped.");
  }

  @Test
  void a_stop_ends_what_is_written_and_what_waits_behind_it() throws InterruptedException {
    Message first = bot.asks("Tell me a long story.");
    bot.begins("Once upon ", "a time");
    bot.answer(first, m -> m.text().startsWith("Once upon"));
    Message second = bot.asks("/as thank you");
    bot.answer(second, m -> m.button("⏹ Stop").isPresent());

    bot.asks("/stop");

    bot.answer(first, m -> m.text().equals("Once upon a time\n\nStopped."));
    bot.answer(second, m -> m.text().equals("Stopped."));
    assertThat(bot.gateways.queue).isEmpty();
    Message nothing = bot.asks("/stop");
    bot.answer(nothing, m -> m.text().startsWith("Nothing is being answered"));
  }

  @Test
  void another_answer_takes_the_place_of_the_first() throws InterruptedException {
    Message question = bot.asks("Name a colour.");
    bot.answers("Red");
    Message answer = bot.answer(question, m -> m.button("🔄 Regenerate").isPresent());

    bot.telegram.users().presses(bot.ann, answer, "🔄 Regenerate");
    bot.answers("Blue");

    Message again =
        bot.answer(question, m -> m.text().equals("Blue") && m.button("🔄 Regenerate").isPresent());
    assertThat(again.id()).isEqualTo(answer.id());
    assertThat(bot.sees(t -> true).fromBot()).hasSize(1);
  }

  @Test
  void only_the_newest_answer_has_buttons() throws InterruptedException {
    Message first = bot.asks("One?");
    bot.answers("1");
    Message old = bot.answer(first, m -> m.button("🔄 Regenerate").isPresent());

    Message second = bot.asks("Two?");
    bot.answers("2");

    bot.answer(second, m -> m.button("🔄 Regenerate").isPresent());
    bot.sees(t -> labels(t.now(old)).isEmpty());
    assertThat(bot.sees(t -> true).now(old).text()).isEqualTo("1");
  }

  @Test
  void a_long_answer_rolls_over_into_a_second_message() throws InterruptedException {
    String text = ("word ".repeat(19) + "end.\n\n").repeat(60).strip();
    Message question = bot.asks("Write a lot.");
    bot.answers(text);

    Transcript shown =
        bot.sees(t ->
            t.fromBot().size() == 2 && t.fromBot().getLast().button("🔄 Regenerate").isPresent());

    List<Message> parts = shown.fromBot();
    assertThat(parts.getFirst().text() + "\n\n" + parts.getLast().text()).isEqualTo(text);
    assertThat(labels(parts.getFirst())).isEmpty();
    assertThat(parts.getFirst().replyTo()).hasValue(question.id());
  }

  @Test
  void a_placeholder_that_the_user_deletes_ends_the_turn() throws InterruptedException {
    Message question = bot.asks("Hello?");
    TurnRef turn = bot.begins("One ");
    Message answer = bot.answer(question, m -> m.text().equals("One"));

    bot.telegram.users().deletes(answer);
    bot.goesOn(turn, "two ");

    bot.telegram.awaitCalls(
        calls -> calls.stream().anyMatch(c -> c.toString().contains("message to edit not found")),
        BotUnderTest.LIMIT);
    bot.awaitEnd(turn, EndReason.CANCELLED);
    Message next = bot.asks("And now?");
    bot.answers("Here");
    bot.answer(next, m -> m.text().equals("Here"));
  }

  @Test
  void commands_are_answered_at_once_and_in_the_users_language() throws InterruptedException {
    bot.telegram.users().says(bot.ann, bot.chat, "/help");
    bot.sees(t -> t.fromBot().stream().anyMatch(m -> m.text().contains("/regenerate")));

    bot.telegram.users().says(bot.ann, bot.chat, "/status");
    bot.sees(t -> t.fromBot().stream().anyMatch(m -> m.text().startsWith("Workers: 0")));

    var boris = bot.telegram.users().person("Борис", "boris", "ru");
    var his = bot.telegram.users().privateChat(boris);
    bot.telegram.users().says(boris, his, "/stop");

    bot.telegram.await(
        his,
        t -> t.fromBot().stream().anyMatch(m -> m.text().startsWith("Сейчас здесь")),
        BotUnderTest.LIMIT);
  }

  @Test
  void what_the_bot_cannot_read_is_said_in_one_sentence() throws InterruptedException {
    bot.telegram.users().sendsPhoto(bot.ann, bot.chat, "");

    bot.sees(t ->
        t.fromBot().stream().anyMatch(m -> m.text().startsWith("I can read text, and text files")));
    assertThat(bot.gateways.queue).isEmpty();
  }

  @Test
  void a_message_that_is_too_long_is_refused_with_the_numbers() throws InterruptedException {
    bot.asks("x".repeat(BotUnderTest.MESSAGE_CHARS + 1));

    bot.sees(t -> t.fromBot().stream().anyMatch(m -> m.text().contains("3,001")));
    assertThat(bot.gateways.queue).isEmpty();
  }

  @Test
  void messages_of_a_burst_are_answered_together() throws InterruptedException {
    Message first = bot.asks("Hello!");
    Message second = bot.asks("Which is larger,");
    Message third = bot.asks("2 or 3?");

    Prompt prompt = bot.promptWith("2 or 3?");
    assertThat(prompt.messages().getLast().content())
        .isEqualTo("Hello!\n\nWhich is larger,\n\n2 or 3?");
    bot.answersTo(prompt, "3");

    bot.answer(first, m -> m.text().equals("3") && m.button("🔄 Regenerate").isPresent());
    Transcript end = bot.sees(t -> true);
    assertThat(end.fromBot()).hasSize(1);
    assertThat(end.repliesTo(second)).isEmpty();
    assertThat(end.repliesTo(third)).isEmpty();
  }

  @Test
  void edits_of_older_questions_are_left_alone() throws InterruptedException {
    Message old = bot.asks("One?");
    bot.answers("1");
    bot.answer(old, m -> m.button("🔄 Regenerate").isPresent());
    Message newest = bot.asks("Two?");
    bot.answers("2");
    bot.answer(newest, m -> m.button("🔄 Regenerate").isPresent());

    bot.telegram.users().edits(old, "Three?");
    Message after = bot.asks("Four?");
    bot.answers("4");

    bot.answer(after, m -> m.text().equals("4"));
    assertThat(bot.sees(t -> true).repliesTo(old).getFirst().text()).isEqualTo("1");
    assertThat(bot.gateways.queue).isEmpty();
  }

  @Test
  void in_a_group_it_answers_those_who_mean_it() throws InterruptedException {
    var bob = bot.telegram.users().person("Bob", "bob", "en");
    Chat group = bot.telegram.users().group("Team", bot.ann, bob);
    bot.telegram.privacyMode(false);
    bot.telegram.users().says(bot.ann, group, "Nobody asked the bot.");
    Message toBob = bot.telegram.users().says(bot.ann, group, "Bob, are you there?");
    bot.telegram.users().says(bob, group, "Yes!", Saying.replyTo(toBob));
    Message mention = bot.telegram.users().says(bob, group, "@parley_bot what is 2 + 2?");

    Prompt prompt = bot.promptWith("what is 2 + 2?");
    assertThat(prompt.messages().getLast().content()).isEqualTo("what is 2 + 2?");
    bot.answersTo(prompt, "4");

    Transcript shown =
        bot.telegram.await(
            group,
            t -> t.repliesTo(mention).stream().anyMatch(m -> m.text().equals("4")),
            BotUnderTest.LIMIT);
    assertThat(shown.fromBot()).hasSize(1);
    Message reply =
        bot.telegram
            .users()
            .says(bot.ann, group, "And 3 + 3?", Saying.replyTo(shown.fromBot().getFirst()));
    bot.answersTo(bot.promptWith("And 3 + 3?"), "6");
    bot.telegram.await(
        group,
        t -> t.repliesTo(reply).stream().anyMatch(m -> m.text().equals("6")),
        BotUnderTest.LIMIT);
    assertThat(bot.gateways.queue).isEmpty();
  }

  @Test
  void each_topic_of_a_forum_is_a_conversation() throws InterruptedException {
    Chat forum = bot.telegram.users().forum("Forum", bot.ann);
    Topic one = bot.telegram.users().topic(bot.ann, forum, "One");
    Topic two = bot.telegram.users().topic(bot.ann, forum, "Two");
    Message first = bot.telegram.users().says(bot.ann, forum, "@parley_bot first?", Saying.in(one));
    Prompt there = bot.promptWith("first?");
    Message second =
        bot.telegram.users().says(bot.ann, forum, "@parley_bot second?", Saying.in(two));
    Prompt here = bot.promptWith("second?");

    assertThat(there.ref().conversation()).isNotEqualTo(here.ref().conversation());
    bot.answersTo(there, "1");
    bot.answersTo(here, "2");
    Transcript shown =
        bot.telegram.await(
            forum,
            t ->
                t.repliesTo(first).stream().anyMatch(m -> m.text().equals("1"))
                    && t.repliesTo(second).stream().anyMatch(m -> m.text().equals("2")),
            BotUnderTest.LIMIT);
    assertThat(shown.repliesTo(first).getFirst().topic()).hasValue(one.id());
    assertThat(shown.repliesTo(second).getFirst().topic()).hasValue(two.id());
  }

  @Test
  void a_user_who_blocks_the_bot_ends_the_turn() throws InterruptedException {
    Message question = bot.asks("Tell me a story.");
    TurnRef turn = bot.begins("Once ");
    bot.answer(question, m -> m.text().equals("Once"));

    bot.telegram.users().blocksBot(bot.ann);

    bot.awaitEnd(turn, EndReason.CANCELLED);
  }

  @Test
  void a_group_that_becomes_a_supergroup_gets_its_answer_there() throws InterruptedException {
    Chat group = bot.telegram.users().group("Team", bot.ann);
    bot.telegram.users().says(bot.ann, group, "@parley_bot hello?");
    Prompt prompt = bot.promptWith("hello?");

    Chat supergroup = bot.telegram.users().migrates(bot.ann, group);
    bot.answersTo(prompt, "Hello!");

    bot.telegram.await(
        supergroup,
        t -> t.fromBot().stream().anyMatch(m -> m.text().equals("Hello!")),
        BotUnderTest.LIMIT);
    bot.awaitClosed(prompt.ref());
    bot.telegram.users().says(bot.ann, supergroup, "@parley_bot and now?");
    assertThat(bot.promptWith("and now?").messages()).anyMatch(m -> m.content().equals("Hello!"));
  }

  @Test
  void undo_takes_the_last_exchange_back_with_its_messages() throws InterruptedException {
    Message first = bot.asks("One?");
    bot.answers("1");
    bot.answer(first, m -> m.button("🔄 Regenerate").isPresent());
    Message second = bot.asks("Two?");
    bot.answers("2");
    Message answer = bot.answer(second, m -> m.button("🔄 Regenerate").isPresent());

    Message undo = bot.asks("/undo");
    bot.sees(t -> t.now(second).deleted() && t.now(answer).deleted() && t.now(undo).deleted());

    bot.asks("/regenerate");
    Prompt again = bot.promptWith("One?");
    assertThat(again.messages()).noneMatch(m -> m.content().contains("Two?"));
    bot.answersTo(again, "one");
    bot.answer(first, m -> m.text().equals("one"));
  }

  @Test
  void settings_change_how_the_next_answer_is_drawn_and_the_bots_words()
      throws InterruptedException {
    bot.asks("/settings");
    Message menu =
        bot.sees(t -> t.fromBot().stream().anyMatch(m -> m.button("creative").isPresent()))
            .fromBot()
            .getFirst();
    bot.telegram.users().presses(bot.ann, menu, "creative");
    bot.sees(t -> t.now(menu).button("✓ creative").isPresent());
    bot.telegram.users().presses(bot.ann, menu, "short");
    bot.sees(t -> t.now(menu).button("✓ short").isPresent());
    bot.telegram.users().presses(bot.ann, menu, "Русский");
    bot.sees(t -> t.now(menu).button("✓ Русский").isPresent());

    Message question = bot.asks("Hello?");
    Prompt prompt = bot.promptWith("Hello?");
    assertThat(prompt.request().sampling().maxTokens()).isEqualTo(25);
    assertThat(prompt.request().sampling().temperature()).isGreaterThan(1);
    bot.answersTo(prompt, "Hi");
    bot.answer(question, m -> m.button("🔄 Заново").isPresent());
  }

  @Test
  void what_is_forgotten_does_not_come_back_with_an_answer_that_was_open()
      throws InterruptedException {
    Message question = bot.asks("The secret word is banana.");
    TurnRef turn = bot.begins("I ");
    bot.answer(question, m -> m.text().equals("I"));

    bot.asks("/new");
    bot.sees(t -> t.fromBot().stream().anyMatch(m -> m.text().startsWith("A new conversation")));
    bot.ends(turn, "I see.");
    bot.answer(question, m -> m.button("🔄 Regenerate").isPresent());
    bot.asks("What is the secret word?");

    assertThat(bot.promptWith("What is the secret word?").messages())
        .noneMatch(m -> m.content().contains("banana"));
  }

  @Test
  void a_draft_of_the_users_next_message_is_not_remembered() throws InterruptedException {
    Message first = bot.asks("Hello!");
    bot.answers("Hello, Ann.");
    bot.answer(first, m -> m.button("🔄 Regenerate").isPresent());

    Message as = bot.asks("/as ask for the time");
    Prompt draft = bot.promptWith("ask for the time");
    assertThat(draft.messages()).anyMatch(m -> m.content().equals("Hello, Ann."));
    bot.answersTo(draft, "What time is it?");
    bot.answer(as, m -> m.text().equals("What time is it?"));
    bot.awaitClosed(draft.ref());

    bot.asks("Good.");
    assertThat(bot.promptWith("Good.").messages())
        .noneMatch(m -> m.content().contains("What time is it?"));
  }

  @Test
  void a_text_file_becomes_part_of_the_question() throws InterruptedException {
    Message question =
        bot.telegram
            .users()
            .sendsDocument(
                bot.ann,
                bot.chat,
                "notes.md",
                "text/markdown",
                "# Meeting\nПривет".getBytes(StandardCharsets.UTF_8),
                "Summarize this");

    Prompt prompt = bot.promptWith("Привет");
    assertThat(prompt.messages().getLast().content())
        .isEqualTo("Summarize this\n\nnotes.md:\n\n# Meeting\nПривет");
    bot.answersTo(prompt, "A meeting.");
    bot.answer(question, m -> m.text().equals("A meeting."));
  }

  @Test
  void a_file_that_is_no_text_is_told_to_be_none() throws InterruptedException {
    byte[] bytes = {(byte) 0xFF, (byte) 0xFE, 0, 1};
    Message binary =
        bot.telegram
            .users()
            .sendsDocument(bot.ann, bot.chat, "x.zip", "application/zip", bytes, "");
    bot.answer(binary, m -> m.text().startsWith("I can read text, and text files"));
    Message broken =
        bot.telegram.users().sendsDocument(bot.ann, bot.chat, "x.txt", "text/plain", bytes, "");
    bot.answer(broken, m -> m.text().contains("UTF-8"));
    assertThat(bot.gateways.queue).isEmpty();
  }

  @Test
  void who_is_not_wanted_is_told_how_to_be_let_in() throws InterruptedException {
    var mallory = bot.telegram.users().person("Mallory", "mallory", "en");
    var chat = bot.telegram.users().privateChat(mallory);
    bot.telegram.users().says(mallory, chat, "Hello?");

    bot.telegram.await(
        chat,
        t -> t.fromBot().stream().anyMatch(m -> m.text().contains("your id is " + mallory.id())),
        BotUnderTest.LIMIT);
    assertThat(bot.gateways.queue).isEmpty();
  }

  @Test
  void a_gateway_that_died_is_followed_by_one_that_finishes_its_reply()
      throws InterruptedException {
    Message question = bot.asks("Hello?");
    TurnRef turn = bot.begins("One ");
    bot.answer(question, m -> m.text().equals("One"));
    bot.awaitPlaced(turn);

    bot.kill();
    bot.gateways.forgetLiveness("gw-1");
    bot.start("gw-2");
    bot.ends(turn, "One two.");

    bot.answer(question, m -> m.text().equals("One two."));
    assertThat(bot.sees(t -> true).fromBot()).hasSize(1);
  }

  private static List<String> labels(Message message) {
    return message.latest().allButtons().map(Button::text).toList();
  }
}
