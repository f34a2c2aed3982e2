package dev.parley.system.path;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.standalone.Ports;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// From a message to its answer when nothing fails: the page's API, the OpenAI API, the terminal; more
/// answers at once than a gateway has connections to Redis (row R11).
final class WholePathTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static Cluster cluster;
  private static Path directory;

  @BeforeAll
  static void start() {
    directory = Cluster.fresh("terminal");
    cluster = Cluster.start("path", 1, 1, Map.of());
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @Test
  void an_answer_grows_word_by_word() {
    Chat.Sent sent = cluster.chat(0).send("please write 120 words");

    sent.reader().awaitWords(3);
    assertThat(sent.reader().text()).isNotEqualTo(Chat.expected("please write 120 words"));

    assertThat(sent.answer()).isEqualTo(Chat.expected("please write 120 words"));
  }

  @Test
  void one_who_comes_late_sees_the_whole_answer() {
    Chat chat = cluster.chat(0);
    var message = new Chat.Message(Chat.freshId(), "please write 40 words");
    assertThat(chat.submit(message).status()).isEqualTo(202);
    String answer = chat.follow(message).awaitAnswer();

    assertThat(chat.follow(message).awaitAnswer()).isEqualTo(answer);
    assertThat(chat.history().get(0).get("answer").textValue()).isEqualTo(answer);
  }

  @Test
  void twenty_four_conversations_at_once_are_all_answered_exactly() {
    List<Chat.Sent> all =
        IntStream.range(0, 24)
            .mapToObj(i -> cluster.chat(0).send("number " + i + " wants 40 words"))
            .toList();

    for (int i = 0; i < all.size(); i++) {
      assertThat(all.get(i).answer()).isEqualTo(Chat.expected("number " + i + " wants 40 words"));
    }
  }

  @Test
  void messages_of_one_conversation_are_answered_in_their_order() {
    Chat chat = cluster.chat(0);
    Chat.Sent one = chat.send("first 30 words");
    Chat.Sent two = chat.send("second 30 words");

    String first = one.answer();
    assertThat(first).isEqualTo(Chat.expected("first 30 words"));
    assertThat(two.answer()).isEqualTo(Chat.expected("first 30 words", first, "second 30 words"));
  }

  @Test
  void a_stopped_answer_ends_and_frees_its_conversation() {
    Chat chat = cluster.chat(0);
    var message = new Chat.Message(Chat.freshId(), "please write 1500 words");
    assertThat(chat.submit(message).status()).isEqualTo(202);
    Reader reader = chat.follow(message);
    reader.awaitWords(3);

    assertThat(chat.cancel(message).body().get("cancelled").booleanValue()).isTrue();

    assertThat(reader.awaitEnd().get("end").textValue()).isEqualTo("CANCELLED");
    assertThat(Chat.expected(message.text())).startsWith(reader.text());
    assertThat(chat.send("please write 10 words").reader().awaitEnd().get("end").textValue())
        .isEqualTo("STOP");
  }

  @Test
  void the_openai_api_answers_whole_and_streamed_alike() throws Exception {
    ObjectNode request = JSON.createObjectNode().put("model", "fake").put("seed", 7);
    request.putArray("messages").addObject().put("role", "user").put("content", "want 25 words");

    var whole = JSON.readTree(completion(request));
    String text = whole.at("/choices/0/message/content").textValue();
    assertThat(text).isEqualTo(Chat.expected("want 25 words"));
    assertThat(whole.at("/choices/0/finish_reason").textValue()).isEqualTo("stop");
    assertThat(whole.at("/usage/completion_tokens").intValue()).isEqualTo(25);

    List<String> lines =
        completion(request.put("stream", true))
            .lines()
            .filter(line -> line.startsWith("data: "))
            .map(line -> line.substring("data: ".length()))
            .toList();
    assertThat(lines).hasSizeGreaterThan(3).last().isEqualTo("[DONE]");
    List<String> pieces = new ArrayList<>();
    for (String line : lines.subList(0, lines.size() - 1)) {
      pieces.add(JSON.readTree(line).at("/choices/0/delta/content").asText(""));
    }
    assertThat(String.join("", pieces)).isEqualTo(text);
  }

  @Test
  void the_terminal_prints_the_answer_and_nothing_else() {
    String url = cluster.gateway(0).url().toString();
    try (var chat =
        Launched.run(directory, "chat", "chat", "--url", url, "--seed", "7", "say 12 words")) {
      assertThat(chat.awaitExit()).as(chat.err()).isZero();
      assertThat(chat.out().strip()).isEqualTo(Chat.expected("say 12 words"));
    }
  }

  @Test
  void the_terminal_says_when_no_gateway_answers() {
    String url = "http://127.0.0.1:" + Ports.free();
    try (var chat = Launched.run(directory, "nobody", "chat", "--url", url, "hello")) {
      assertThat(chat.awaitExit()).isEqualTo(2);
      assertThat(chat.err()).contains(url);
    }
  }

  private static String completion(ObjectNode request) throws IOException, InterruptedException {
    var reply =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(cluster.gateway(0).url().resolve("/v1/chat/completions"))
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(request.toString()))
                    .build(),
                BodyHandlers.ofString());
    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
    return reply.body();
  }
}
