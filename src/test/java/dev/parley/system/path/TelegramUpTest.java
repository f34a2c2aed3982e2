package dev.parley.system.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.doubles.telegram.Chat;
import dev.parley.doubles.telegram.Entity;
import dev.parley.doubles.telegram.Message;
import dev.parley.doubles.telegram.TelegramDouble;
import dev.parley.doubles.telegram.Transcript;
import dev.parley.doubles.telegram.User;
import dev.parley.standalone.Ports;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/// What a new user does: gives `up` the bot's token, and chats. With the real model, as a person would.
final class TelegramUpTest {
  private static final Duration LIMIT = Duration.ofMinutes(4);
  private static final String AGAIN = "🔄 Regenerate";

  private final TelegramDouble telegram = TelegramDouble.start();
  private final User ann = telegram.users().person("Ann", "ann", "en");
  private final Chat chat = telegram.users().privateChat(ann);

  @Test
  void a_token_is_all_that_up_needs_for_a_bot_to_chat_with() throws InterruptedException {
    Path directory = Cluster.fresh("telegram-up");
    try (Launched up = up(directory)) {
      await("`up` tells which bot it is")
          .atMost(LIMIT)
          .until(() -> up.err().contains("Telegram: @parley_bot takes messages."));
      knows_the_capital();
      remembers_what_was_said();
      stops_when_told();
      writes_code_in_a_block();
      forgets_when_told();
      assertThat(up.isAlive()).isTrue();
    }
    assertThat(telegram.violations()).isEmpty();
    telegram.close();
  }

  private void knows_the_capital() throws InterruptedException {
    Message question = asks("What is the capital of France?");
    Message answer = whole(question);

    assertThat(answer.text()).contains("Paris");
    assertThat(see(t -> true).fromBot()).hasSize(1);

    telegram.users().presses(ann, answer, AGAIN);
    // The words may be the same; the button is that of another turn.
    Transcript again =
        see(t ->
            t.now(answer).button(AGAIN).isPresent()
                && !t.now(answer).button(AGAIN).equals(answer.button(AGAIN)));
    assertThat(again.now(answer).text()).contains("Paris");
    assertThat(see(t -> true).fromBot()).hasSize(1);
  }

  private void remembers_what_was_said() throws InterruptedException {
    whole(asks("The secret word is banana."));

    assertThat(whole(asks("What is the secret word?")).text()).contains("banana");
  }

  private void stops_when_told() throws InterruptedException {
    Message question = asks("Write the numbers from 1 to 500, one per line.");
    Message begun = answer(question, m -> m.text().length() > 20);

    telegram.users().presses(ann, begun, "⏹ Stop");

    Message stopped = answer(question, m -> m.text().endsWith("Stopped."));
    assertThat(stopped.text()).doesNotContain("500");
  }

  private void writes_code_in_a_block() throws InterruptedException {
    Message answer =
        whole(asks("Write a Python function that adds two numbers. Answer with a code block."));

    assertThat(answer.latest().parts(Entity.Type.PRE)).anyMatch(code -> code.contains("def "));
    assertThat(answer.text()).doesNotContain("```");
  }

  private void forgets_when_told() throws InterruptedException {
    asks("/forget");
    Transcript asked =
        see(t -> t.fromBot().stream().anyMatch(m -> m.button("Yes, forget it").isPresent()));
    Message confirmation = asked.fromBot().getLast();
    var press = telegram.users().presses(ann, confirmation, "Yes, forget it");
    see(t -> t.now(press).answer().isPresent());

    assertThat(whole(asks("What is the secret word?")).text()).doesNotContain("banana");
  }

  // ---- a person

  private Message asks(String text) {
    return telegram.users().says(ann, chat, text);
  }

  /// The answer, once nothing more comes.
  private Message whole(Message question) throws InterruptedException {
    return answer(question, m -> m.button(AGAIN).isPresent());
  }

  private Message answer(Message question, Predicate<Message> shows) throws InterruptedException {
    return see(t -> t.repliesTo(question).stream().anyMatch(shows)).repliesTo(question).getFirst();
  }

  private Transcript see(Predicate<Transcript> condition) throws InterruptedException {
    return telegram.await(chat, condition, LIMIT);
  }

  private Launched up(Path directory) {
    return Launched.run(
        directory,
        "up",
        Map.of(
            "TELEGRAM_BOT_TOKEN",
            telegram.token(),
            "TELEGRAM_API_URL",
            telegram.url().toString(),
            // A small model that draws its words says now this, now that.
            "PARLEY_TEMPERATURE",
            "0"),
        "up",
        "--port",
        Integer.toString(Ports.free()),
        "--data",
        directory.resolve("data").toString());
  }
}
