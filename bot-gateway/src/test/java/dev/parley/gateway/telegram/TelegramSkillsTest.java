package dev.parley.gateway.telegram;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.doubles.telegram.Message;
import dev.parley.doubles.telegram.Saying;
import dev.parley.shared.wire.ChatMessage;
import dev.parley.shared.wire.Prompt;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

final class TelegramSkillsTest {
  @AutoClose private final BotUnderTest bot = BotUnderTest.polling();

  @Test
  void a_skill_is_used_for_one_text_without_what_was_said_before() throws InterruptedException {
    Message hello = bot.asks("Hello!");
    bot.answers("Hello, Ann.");
    bot.answer(hello, m -> m.button("🔄 Regenerate").isPresent());

    Message question = bot.asks("/skill translate Guten Tag");
    Prompt prompt = bot.promptWith("Guten Tag");
    assertThat(prompt.messages()).extracting(ChatMessage::role).containsExactly("system", "user");
    assertThat(prompt.messages().getFirst().content()).startsWith("You are a translator.");
    assertThat(prompt.messages().getLast().content()).isEqualTo("Guten Tag");
    bot.answersTo(prompt, "Good day");
    bot.answer(question, m -> m.text().equals("Good day"));
  }

  @Test
  void a_skill_is_used_on_a_text_that_is_replied_to() throws InterruptedException {
    Message note = bot.telegram.users().says(bot.ann, bot.chat, "Bob writes the report by Friday.");
    bot.answers("Good.");
    bot.answer(note, m -> m.button("🔄 Regenerate").isPresent());

    bot.telegram.users().says(bot.ann, bot.chat, "/skill actions", Saying.replyTo(note));

    Prompt prompt = bot.promptWith("Bob writes the report by Friday.");
    assertThat(prompt.messages().getFirst().content()).startsWith("You find action items");
  }

  @Test
  void a_skill_is_used_on_a_file() throws InterruptedException {
    byte[] notes = "We meet on Monday.".getBytes(StandardCharsets.UTF_8);
    bot.telegram
        .users()
        .sendsDocument(bot.ann, bot.chat, "notes.txt", "text/plain", notes, "/skill summarize");

    Prompt prompt = bot.promptWith("We meet on Monday.");
    assertThat(prompt.messages().getFirst().content()).startsWith("You summarize texts.");
  }

  @Test
  void a_skill_that_a_chat_has_set_answers_its_messages_until_it_is_taken_back()
      throws InterruptedException {
    Message menu = bot.answer(bot.asks("/skill"), m -> m.button("Critic").isPresent());
    bot.telegram.users().presses(bot.ann, menu, "Critic");
    bot.sees(t -> t.now(menu).button("✓ Critic").isPresent());

    Message plan = bot.asks("My plan is to sleep.");
    Prompt prompt = bot.promptWith("My plan is to sleep.");
    assertThat(prompt.messages().getFirst().content()).startsWith("You are a careful critic.");
    bot.telegram.users().edits(plan, "My plan is to run.");
    Prompt edited = bot.promptWith("My plan is to run.");
    assertThat(edited.messages()).extracting(ChatMessage::role).containsExactly("system", "user");
    bot.answersTo(edited, "Where to?");
    bot.answer(plan, m -> m.button("🔄 Regenerate").isPresent());
    bot.awaitClosed(edited.ref());

    bot.telegram.users().presses(bot.ann, menu, "answer as usual");
    bot.sees(t -> t.now(menu).button("✓ answer as usual").isPresent());
    bot.asks("Hello?");
    Prompt plain = bot.promptWith("Hello?");
    assertThat(plain.messages())
        .extracting(ChatMessage::content)
        .containsExactly("My plan is to run.", "Where to?", "Hello?");
  }

  @Test
  void a_skill_that_there_is_not_is_told_to_be_none() throws InterruptedException {
    Message question = bot.asks("/skill juggle five balls");

    bot.answer(question, m -> m.text().startsWith("I do not know the skill juggle."));
    assertThat(bot.gateways.queue).isEmpty();
  }

  @Test
  void what_a_message_replies_to_goes_with_it_where_the_conversation_does_not_have_it()
      throws InterruptedException {
    var bob = bot.telegram.users().person("Bob", "bob", "en");
    var group = bot.telegram.users().group("Team", bot.ann, bob);
    Message statement = bot.telegram.users().says(bob, group, "The moon is\nmade of cheese.");

    bot.telegram.users().says(bot.ann, group, "@parley_bot is that so?", Saying.replyTo(statement));

    assertThat(bot.promptWith("is that so?").messages().getLast().content())
        .isEqualTo("> The moon is\n> made of cheese.\n\nis that so?");
  }
}
