package dev.parley.system.path;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.standalone.Node;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The same path on a real language model: answers that are continued (row W1) or build on an earlier
/// one, and requests that share decode calls.
final class RealModelTest {
  private static final int TOKENS = 160;
  private static final String STORY =
      "Tell me a long story about a lighthouse and the people who live there.";
  private static final String COUNT = "Write the numbers from 1 to 50, one per line.";
  private static final Pattern ROWS = Pattern.compile("rows=(\\S*) ");
  private static Cluster cluster;

  @BeforeAll
  static void start() {
    cluster = Cluster.start("model", 1, 2, Map.of("PARLEY_ENGINE", "llama", "PARLEY_THREADS", "1"));
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @BeforeEach
  void all_serve() {
    cluster.awaitReady();
  }

  @Test
  void the_capital_of_france_is_paris() {
    assertThat(cluster.chat(0).limitedTo(40).send("What is the capital of France?").answer())
        .contains("Paris");
  }

  @Test
  void a_follow_up_is_answered_from_what_was_said_before() {
    Chat chat = cluster.chat(0).limitedTo(40);
    assertThat(chat.send("The secret word is banana.").answer()).isNotEmpty();

    assertThat(chat.send("What is the secret word?").answer()).contains("banana");
    assertThat(cluster.chat(0).limitedTo(40).send("What is the secret word?").answer())
        .doesNotContain("banana");
  }

  /// To count leaves no choice that a rounding error could tip, so a token too many or too few shows.
  @Test
  void an_answer_that_a_killed_worker_began_is_the_one_it_would_have_written() {
    Chat.Sent whole = ask(COUNT);
    assertThat(whole.answer()).startsWith("1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, ");
    Chat.Sent sent = ask(COUNT);
    Node owner = cluster.owner(sent.ref(), 5);
    sent.reader().awaitWords(8);
    String begun = sent.reader().text();

    owner.kill();

    assertThat(sent.answer()).startsWith(begun).isEqualTo(whole.answer()).isNotEqualTo(begun);
    assertThat(sent.reader().restarts()).isZero();
    assertThat(sent.reader().awaitEnd().get("usage"))
        .isEqualTo(whole.reader().awaitEnd().get("usage"));
    assertThat(cluster.turn(sent.ref()).starts()).isEqualTo(2);
  }

  @Test
  void a_later_request_joins_the_decode_calls_of_an_earlier_one() {
    // Three on two workers: two of them share one. Each is asked when the last is being answered.
    List<Chat.Sent> sent = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      sent.add(ask(STORY));
      sent.getLast().reader().awaitWords(3);
    }
    sent.forEach(Chat.Sent::answer);
    Set<String> attempts =
        sent.stream()
            .map(one -> cluster.awaitDelivered(one.ref()).attempt())
            .collect(Collectors.toSet());

    var rows = cluster.workers().stream().map(worker -> rows(worker, attempts)).toList();

    assertThat(rows).anyMatch(RealModelTest::someoneJoins);
  }

  private static Chat.Sent ask(String question) {
    return cluster.chat(0).limitedTo(TOKENS).send(question);
  }

  /// Which of the attempts had a row in each decode call.
  private static List<List<String>> rows(Node worker, Set<String> attempts) {
    return cluster.steps(worker).stream()
        .flatMap(line -> {
          var matcher = ROWS.matcher(line);
          return matcher.find() ? Stream.of(matcher.group(1)) : Stream.empty();
        })
        .map(ids ->
            Arrays.stream(ids.split(",", -1))
                .map(id -> id.replaceFirst("#.*", ""))
                .filter(attempts::contains)
                .toList())
        .filter(step -> !step.isEmpty())
        .toList();
  }

  /// Whether somebody's first row shares its decode call with one who began before and goes on after.
  private static boolean someoneJoins(List<List<String>> steps) {
    return IntStream.range(0, steps.size())
        .filter(i -> steps.get(i).size() >= 2)
        .anyMatch(i -> {
          Set<String> before = all(steps.subList(0, i));
          Set<String> after = all(steps.subList(i + 1, steps.size()));
          return !before.containsAll(steps.get(i))
              && steps.get(i).stream().anyMatch(id -> before.contains(id) && after.contains(id));
        });
  }

  private static Set<String> all(List<List<String>> steps) {
    return steps.stream().flatMap(List::stream).collect(Collectors.toSet());
  }
}
