package dev.parley.system.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What OpenAI's own clients for Python and Node see of a gateway: each has run its script once against
/// the same cluster.
final class OpenAiClientsTest {
  private static final String ANSWER = Chat.expected("want 25 words");

  /// A word in the middle of the answer.
  private static final String STOP = ANSWER.split(" ", -1)[12];

  private static final Map<OpenAiClient, JsonNode> SEEN = new EnumMap<>(OpenAiClient.class);
  private static Cluster cluster;

  @BeforeAll
  static void start() {
    cluster = Cluster.start("openai", 1, 1, Map.of());
    for (OpenAiClient client : OpenAiClient.values()) {
      SEEN.put(client, client.run(cluster.gateway(0).url(), STOP));
    }
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @ParameterizedTest
  @EnumSource
  void the_models_are_listed(OpenAiClient client) {
    assertThat(seen(client, "models")).hasToString("[\"fake\"]");
    assertThat(seen(client, "model").textValue()).isEqualTo("fake");
  }

  @ParameterizedTest
  @EnumSource
  void a_whole_answer_comes_with_its_reason_and_its_cost(OpenAiClient client) {
    JsonNode whole = seen(client, "whole");
    assertThat(whole.get("role").textValue()).isEqualTo("assistant");
    assertThat(whole.get("text").textValue()).isEqualTo(ANSWER);
    assertThat(whole.get("finish").textValue()).isEqualTo("stop");
    JsonNode usage = whole.get("usage");
    assertThat(usage.get(0).intValue()).isGreaterThan(3);
    assertThat(usage.get(1).intValue()).isEqualTo(25);
    assertThat(usage.get(2).intValue()).isEqualTo(usage.get(0).intValue() + 25);
  }

  @ParameterizedTest
  @EnumSource
  void a_streamed_answer_is_the_same_in_pieces(OpenAiClient client) {
    JsonNode streamed = seen(client, "streamed");
    assertThat(streamed.get("text").textValue()).isEqualTo(ANSWER);
    assertThat(streamed.get("pieces").intValue()).isGreaterThan(3);
    assertThat(streamed.get("finish").textValue()).isEqualTo("stop");
    assertThat(streamed.get("usage")).isEqualTo(seen(client, "whole").get("usage"));
  }

  @ParameterizedTest
  @EnumSource
  void an_answer_ends_before_a_stop_string(OpenAiClient client) {
    JsonNode stopped = seen(client, "stopped");
    assertThat(stopped.get("text").textValue())
        .isEqualTo(ANSWER.substring(0, ANSWER.indexOf(STOP)));
    assertThat(stopped.get("finish").textValue()).isEqualTo("stop");
  }

  @ParameterizedTest
  @EnumSource
  void an_answer_ends_when_it_has_as_many_tokens_as_were_asked_for(OpenAiClient client) {
    JsonNode limited = seen(client, "limited");
    assertThat(limited.get("text").textValue().split(" ", -1)).hasSize(5);
    assertThat(ANSWER).startsWith(limited.get("text").textValue());
    assertThat(limited.get("finish").textValue()).isEqualTo("length");
    assertThat(limited.get("usage").get(1).intValue()).isEqualTo(5);
  }

  @ParameterizedTest
  @EnumSource
  void choices_come_apart_and_cost_one_prompt(OpenAiClient client) {
    JsonNode choices = seen(client, "choices");
    assertThat(choices.at("/whole/0").textValue()).isEqualTo(ANSWER);
    assertThat(choices.at("/whole/1").textValue()).isNotBlank().isNotEqualTo(ANSWER);
    assertThat(choices.get("streamed")).isEqualTo(choices.get("whole"));
    JsonNode one = seen(client, "whole").get("usage");
    assertThat(choices.at("/usage/0")).isEqualTo(one.get(0));
    assertThat(choices.at("/usage/1").intValue()).isEqualTo(50);
  }

  @ParameterizedTest
  @EnumSource
  void logprobs_spell_the_answer(OpenAiClient client) {
    JsonNode scored = seen(client, "scored");
    assertThat(scored.get("whole").textValue()).isEqualTo(ANSWER);
    assertThat(scored.get("streamed").textValue()).isEqualTo(ANSWER);
    assertThat(scored.at("/logprobs/0").doubleValue()).isZero();
    assertThat(scored.get("top")).hasToString("[2]");
  }

  @ParameterizedTest
  @EnumSource
  void an_error_is_the_clients_own_exception_of_that_kind(OpenAiClient client) {
    assertThat(error(client, "temperature"))
        .isEqualTo("BadRequestError 400 invalid_request_error null temperature");
    assertThat(error(client, "tools"))
        .isEqualTo("BadRequestError 400 invalid_request_error unsupported_parameter tools");
    assertThat(error(client, "unknown"))
        .isEqualTo("NotFoundError 404 invalid_request_error model_not_found model");
    assertThat(error(client, "long"))
        .isEqualTo("BadRequestError 400 invalid_request_error context_length_exceeded messages");
  }

  @ParameterizedTest
  @EnumSource
  void an_error_in_a_stream_is_an_exception_too(OpenAiClient client) {
    assertThat(error(client, "long streamed"))
        .isEqualTo("APIError null invalid_request_error context_length_exceeded messages");
  }

  @Test
  void an_answer_is_stopped_when_its_client_goes_away() {
    assertThat(SEEN.values()).allMatch(seen -> seen.get("left").booleanValue());
    await("both answers were stopped")
        .atMost(Cluster.LIMIT)
        .until(() ->
            cluster.gateway(0).metric("parley_turns_closed_total", "end=\"cancelled\"")
                == SEEN.size());
  }

  private static JsonNode seen(OpenAiClient client, String what) {
    return Objects.requireNonNull(SEEN.get(client)).get(what);
  }

  /// Class, status, type, code and field at fault.
  private static String error(OpenAiClient client, String what) {
    JsonNode error = seen(client, what);
    return "%s %s %s %s %s"
        .formatted(
            error.get("class").textValue(),
            error.get("status"),
            error.get("type").textValue(),
            error.get("code").textValue(),
            error.get("param").textValue());
  }
}
