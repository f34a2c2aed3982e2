package dev.parley.system.path;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The same path on a real language model: answers that are continued, and requests that share decode
/// calls.
final class RealModelTest {
  private static final int TOKENS = 160;
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
  void an_answer_goes_on_when_its_worker_is_killed() {
    Chat.Sent sent = ask();
    Node owner = cluster.owner(sent.ref(), 5);
    sent.reader().awaitWords(8);

    owner.kill();

    String answer = sent.answer();
    assertThat(sent.reader().restarts()).isZero();
    assertThat(cluster.turn(sent.ref()).starts()).isEqualTo(2);
    assertThat(sent.reader().awaitEnd().at("/usage/completionTokens").intValue())
        .isBetween(10, TOKENS);
    assertThat(answer.split("\\s+")).hasSizeGreaterThan(8);
  }

  @Test
  void a_later_request_joins_the_decode_calls_of_an_earlier_one() {
    List<Chat.Sent> sent = new ArrayList<>();
    sent.add(ask());
    sent.getFirst().reader().awaitWords(3);
    // Four on two workers: two of them share one.
    for (int i = 0; i < 3; i++) {
      sent.add(ask());
    }
    sent.forEach(Chat.Sent::answer);

    var rows = cluster.workers().stream().map(RealModelTest::rows).toList();

    assertThat(rows).anySatisfy(steps -> assertThat(steps).anyMatch(step -> step.size() >= 2));
    assertThat(rows).anyMatch(RealModelTest::someoneJoins);
  }

  private static Chat.Sent ask() {
    return cluster
        .chat(0)
        .limitedTo(TOKENS)
        .send("Tell me a long story about a lighthouse and the people who live there.");
  }

  /// Whose rows each decode call held.
  private static List<List<String>> rows(Node worker) {
    return worker.steps().stream()
        .flatMap(line -> {
          var matcher = ROWS.matcher(line);
          return matcher.find() ? Stream.of(matcher.group(1)) : Stream.empty();
        })
        .map(ids -> Arrays.stream(ids.split(",")).filter(id -> !id.isEmpty()).toList())
        .toList();
  }

  /// Whether one's first row lies between the first and the last of another.
  private static boolean someoneJoins(List<List<String>> steps) {
    Map<String, Integer> first = new LinkedHashMap<>();
    Map<String, Integer> last = new LinkedHashMap<>();
    for (int i = 0; i < steps.size(); i++) {
      for (String id : steps.get(i)) {
        first.putIfAbsent(id, i);
        last.put(id, i);
      }
    }
    return first.values().stream()
        .anyMatch(begin ->
            first.entrySet().stream()
                .anyMatch(other ->
                    other.getValue() < begin && last.getOrDefault(other.getKey(), 0) > begin));
  }
}
