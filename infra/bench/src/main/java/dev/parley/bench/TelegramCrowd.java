package dev.parley.bench;

import dev.parley.doubles.telegram.Chat;
import dev.parley.doubles.telegram.Message;
import dev.parley.doubles.telegram.TelegramDouble;
import dev.parley.doubles.telegram.Transcript;
import dev.parley.doubles.telegram.User;
import dev.parley.doubles.telegram.Version;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// People in chats with the bot, who ask at the same time, and what they then saw.
final class TelegramCrowd {
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final Duration READS = Duration.ofSeconds(3);
  private static final String AGAIN = "🔄 Regenerate";

  /// What the bot says of a place in the queue.
  private static final String WAITS = "before yours";

  /// @param group whether the bot has to be mentioned
  private record Place(User user, Chat chat, boolean group) {}

  /// What one asker saw. Times in ms.
  ///
  /// @param firstMs from the engine's first words to the first that were visible
  /// @param lastMs from the engine's last words to the whole text
  /// @param calls sends and edits of the reply
  /// @param exact whether the text is the engine's, to the letter
  record Seen(double firstMs, double lastMs, double calls, boolean exact) {}

  private final TelegramDouble telegram;
  private final List<Place> places = new ArrayList<>();

  TelegramCrowd(TelegramDouble telegram, int privateChats, int groups) {
    this.telegram = telegram;
    for (int i = 0; i < privateChats + groups; i++) {
      User user = telegram.users().person("Person " + i, "person_" + telegram.chats().size(), "en");
      boolean group = i >= privateChats;
      Chat chat =
          group ? telegram.users().group("Group " + i, user) : telegram.users().privateChat(user);
      places.add(new Place(user, chat, group));
    }
  }

  int size() {
    return places.size();
  }

  /// All ask at once for so many words.
  List<Message> ask(int words) {
    return places.stream().map(place -> ask(place, words)).toList();
  }

  /// One of them asks.
  Message ask(int who, int words) {
    return ask(places.get(who), words);
  }

  private Message ask(Place place, int words) {
    return say(place, "please write " + words + " words");
  }

  /// One of them says something.
  Message say(int who, String text) {
    return say(places.get(who), text);
  }

  private Message say(Place place, String text) {
    return telegram
        .users()
        .says(
            place.user(),
            place.chat(),
            place.group() ? "@" + telegram.bot().username().orElseThrow() + " " + text : text);
  }

  /// Who was answered reads before he asks again.
  void reads() throws InterruptedException {
    Thread.sleep(READS);
  }

  /// Waits until a question is answered.
  Transcript awaitAnswer(Message question) throws InterruptedException {
    return telegram.await(
        question.chat(),
        t -> t.repliesTo(question).stream().anyMatch(m -> m.button(AGAIN).isPresent()),
        LIMIT);
  }

  /// What was seen of a model's own words, which are shown without their Markdown: whether they are exact is not
  /// looked at.
  Seen seenFormatted(Message question, EngineEar ear) throws InterruptedException {
    Message reply = awaitAnswer(question).repliesTo(question).getFirst();
    EngineEar.Heard heard = heard(question, ear);
    Optional<Long> first = since(reply, v -> !v.text().equals("…") && !v.text().contains(WAITS));
    Optional<Long> last =
        since(reply, v -> v.allButtons().anyMatch(button -> button.text().equals(AGAIN)));
    return new Seen(
        first.orElse(Long.MAX_VALUE) - heard.firstMs(),
        last.orElse(Long.MAX_VALUE) - heard.lastMs(),
        reply.versions().size(),
        true);
  }

  private EngineEar.Heard heard(Message question, EngineEar ear) {
    return ear.in("tg:" + telegram.bot().id() + ":" + question.chat().id());
  }

  Seen seen(Message question, EngineEar ear) throws InterruptedException {
    Message reply = awaitAnswer(question).repliesTo(question).getFirst();
    EngineEar.Heard heard = heard(question, ear);
    String whole = heard.text().strip();
    // Neither the placeholder nor a place in the queue is an answer's beginning.
    long first = since(reply, v -> whole.startsWith(v.text())).orElse(Long.MAX_VALUE);
    Optional<Long> last = since(reply, v -> v.text().equals(whole));
    return new Seen(
        first - heard.firstMs(),
        last.orElse(Long.MAX_VALUE) - heard.lastMs(),
        reply.versions().size(),
        reply.text().equals(whole));
  }

  private static Optional<Long> since(Message reply, Predicate<Version> shows) {
    return reply.versions().stream().filter(shows).findFirst().map(Version::atMs);
  }
}
