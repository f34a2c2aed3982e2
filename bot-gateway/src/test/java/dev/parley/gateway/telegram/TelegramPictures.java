package dev.parley.gateway.telegram;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.doubles.telegram.Chat;
import dev.parley.doubles.telegram.Message;
import dev.parley.doubles.telegram.Saying;
import dev.parley.doubles.telegram.Topic;
import dev.parley.doubles.telegram.Transcript;
import dev.parley.doubles.telegram.User;
import dev.parley.gateway.telegram.BotUnderTest.Person;
import dev.parley.shared.wire.Prompt;
import dev.parley.shared.wire.Wire;
import dev.parley.shared.wire.WorkerLoad;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Makes the pictures of docs/telegram.md: real replies in the double's page, words that a script has written. It is
/// no part of the tests. With `chromium` and the packages `fonts-noto-core` and `fonts-noto-color-emoji`, from the
/// root of the tree:
///
/// ```
/// mvn -pl bot-gateway -am test -Dtest=TelegramPictures -Dsurefire.failIfNoSpecifiedTests=false
/// ```
final class TelegramPictures {
  private static final Path DOCS = Path.of("docs").toAbsolutePath();
  private static final int WIDTH = 640;
  private static final int MAX_BYTES = 120_000;
  private static final long BROWSER_LIMIT_S = 60;

  private static final String SORTING =
      """
      For almost everything **use the one that your language has**. Python's `sorted` is *Timsort*: stable, and fast \
      on data that is partly in order.

      To see how one works, merge two sorted lists:

      ```python
      def merge(a, b):
          out = []
          while a and b:
              out.append((a if a[0] <= b[0] else b).pop(0))
          return out + a + b
      ```

      | algorithm | average | worst | stable |
      |---|---|---|---|
      | Timsort | n log n | n log n | yes |
      | Quicksort | n log n | n² | no |
      | Heapsort | n log n | n log n | no |

      > Whoever needs more than this needs a database.\
      """;

  private final BotUnderTest bot = BotUnderTest.polling();

  @AfterEach
  void stop() {
    bot.close();
  }

  @Test
  void a_chat() throws IOException, InterruptedException {
    clock(LocalTime.of(10, 24));
    Message first = bot.asks("Which sorting algorithm should I use? I write Python.");
    bot.answers(SORTING);
    bot.answer(first, m -> m.button(BotUnderTest.AGAIN).isPresent());
    bot.pass(Duration.ofMinutes(1));
    Message second = bot.asks("And on a GPU?");
    bot.begins("Mostly **radix sort**: it compares nothing, so that thousands of");
    bot.answer(second, m -> m.text().endsWith("thousands of"));

    take(bot.chat, "telegram-chat.png", 900);
  }

  @Test
  void a_group() throws IOException, InterruptedException {
    clock(LocalTime.of(14, 2));
    Person bob = bot.person("Bob");
    Chat forum = bot.telegram.users().forum("Parley team", bot.ann, bob.user());
    Topic topic = bot.telegram.users().topic(bot.ann, forum, "Release 2.4");
    says(bob.user(), forum, "The migration ran through on staging 🎉", Saying.in(topic));
    bot.pass(Duration.ofMinutes(1));
    Message asked =
        says(
            bot.ann,
            forum,
            "@parley_bot what should we check before we deploy on a Friday?",
            Saying.in(topic));
    answers(
        "deploy on a Friday?",
        """
        1. **Can you go back?** Try the way back once, on staging.
        2. **Who is there on Saturday?** If nobody, wait.
        3. **What tells you that it fails?** An alert, not a customer.\
        """);
    Message answer = sees(forum, t -> whole(t, asked)).repliesTo(asked).getFirst();
    bot.pass(Duration.ofMinutes(2));
    Message reply =
        says(bob.user(), forum, "in one sentence, for the stand-up", Saying.replyTo(answer));
    answers("for the stand-up", "Deploy when you can go back, will notice, and somebody is there.");
    sees(forum, t -> whole(t, reply));
    bot.pass(Duration.ofMinutes(1));
    says(bot.ann, forum, "So: Monday.", Saying.in(topic));

    take(forum, "telegram-group.png", 810);
  }

  @Test
  void settings_and_status() throws IOException, InterruptedException {
    clock(LocalTime.of(9, 41));
    bot.asks("/settings");
    Message menu =
        bot.sees(t -> t.fromBot().stream().anyMatch(m -> m.button("precise").isPresent()))
            .fromBot()
            .getFirst();
    bot.telegram.users().presses(bot.ann, menu, "precise");
    bot.sees(t -> t.now(menu).button("✓ precise").isPresent());
    bot.telegram.users().presses(bot.ann, menu, "short");
    bot.sees(t -> t.now(menu).button("✓ short").isPresent());
    bot.pass(Duration.ofMinutes(1));
    bot.gateways.store.beatWorker("w1", Wire.encode(new WorkerLoad(8, 5, 3, 0)), List.of());
    bot.gateways.store.beatWorker("w2", Wire.encode(new WorkerLoad(8, 8, 0, 0)), List.of());
    bot.asks("/status");
    bot.sees(t -> t.fromBot().getLast().text().startsWith("Workers: 2"));

    take(bot.chat, "telegram-settings.png", 615);
  }

  // ----

  /// Lets the chat take place at that time of the day.
  private void clock(LocalTime time) {
    Duration ahead = Duration.between(LocalTime.now(ZoneOffset.UTC), time);
    bot.pass((ahead.isNegative() ? ahead.plusDays(1) : ahead).plusSeconds(1));
  }

  private Message says(User user, Chat chat, String text, Saying how) {
    return bot.telegram.users().says(user, chat, text, how);
  }

  private void answers(String question, String text) throws InterruptedException {
    Prompt prompt = bot.promptWith(question);
    bot.answersTo(prompt, text);
    bot.awaitClosed(prompt.ref());
  }

  private Transcript sees(Chat chat, Predicate<Transcript> condition) throws InterruptedException {
    return bot.telegram.await(chat, condition, BotUnderTest.LIMIT);
  }

  private static boolean whole(Transcript chat, Message question) {
    return chat.repliesTo(question).stream()
        .anyMatch(m -> m.button(BotUnderTest.AGAIN).isPresent());
  }

  private void take(Chat chat, String name, int height) throws IOException, InterruptedException {
    Path picture = DOCS.resolve(name);
    Path profile = Files.createTempDirectory("parley-pictures");
    Process browser =
        new ProcessBuilder(
                "chromium",
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--hide-scrollbars",
                "--user-data-dir=" + profile,
                "--window-size=" + WIDTH + "," + height,
                "--screenshot=" + picture,
                bot.telegram.url() + "/chat/" + chat.id())
            .redirectErrorStream(true)
            .redirectOutput(profile.resolve("log").toFile())
            .start();
    try {
      assertThat(browser.waitFor(BROWSER_LIMIT_S, TimeUnit.SECONDS)).isTrue();
      assertThat(browser.exitValue()).as(Files.readString(profile.resolve("log"), UTF_8)).isZero();
    } finally {
      browser.descendants().forEach(ProcessHandle::destroyForcibly);
      var _ = browser.destroyForcibly();
    }
    assertThat(Files.size(picture)).isBetween(1L, (long) MAX_BYTES);
  }
}
