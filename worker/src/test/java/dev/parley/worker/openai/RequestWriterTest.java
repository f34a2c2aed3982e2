package dev.parley.worker.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.shared.openai.ChatRequest;
import dev.parley.shared.openai.ChatRequestParser;
import dev.parley.shared.openai.Parsed;
import dev.parley.shared.openai.RequestLimits;
import dev.parley.shared.wire.ChatMessage;
import dev.parley.shared.wire.Cuts;
import dev.parley.shared.wire.Dry;
import dev.parley.shared.wire.Logprobs;
import dev.parley.shared.wire.Mirostat;
import dev.parley.shared.wire.Penalties;
import dev.parley.shared.wire.ResponseFormat;
import dev.parley.shared.wire.Sampling;
import dev.parley.shared.wire.TokenRules;
import dev.parley.shared.wire.Xtc;
import dev.parley.worker.engine.EngineRequest;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

class RequestWriterTest {
  private static final List<ChatMessage> MESSAGES =
      List.of(ChatMessage.system("Be brief."), ChatMessage.user("Say \"é\" 👋"));

  private static byte[] body(Sampling sampling) {
    return RequestWriter.body(EngineRequest.of("a", MESSAGES, sampling), "a-model");
  }

  private static JsonNode json(Sampling sampling) throws IOException {
    return new ObjectMapper().readTree(body(sampling));
  }

  @Test
  void what_is_off_is_not_mentioned() throws Exception {
    Iterable<String> names = json(Sampling.greedy(7))::fieldNames;
    assertThat(StreamSupport.stream(names.spliterator(), false))
        .containsExactlyInAnyOrder(
            "model",
            "stream",
            "stream_options",
            "messages",
            "max_tokens",
            "temperature",
            "top_p",
            "seed");
  }

  @Test
  void any_seed_becomes_one_that_every_server_takes() throws Exception {
    assertThat(json(Sampling.greedy(7).withSeed(42)).path("seed").asLong()).isEqualTo(42);
    for (long seed : List.of(-1L, Long.MIN_VALUE, Long.MAX_VALUE)) {
      assertThat(json(Sampling.greedy(7).withSeed(seed)).path("seed").asLong())
          .isBetween(0L, (long) Integer.MAX_VALUE);
    }
  }

  @Test
  void every_control_arrives_at_a_worker_that_serves() {
    Sampling all =
        new Sampling(90, 0.5, 0.9, 30, 0.05, 7, List.of("END", "\n\n"))
            .change()
            .cuts(new Cuts(0.8, 2, new Xtc(0.5, 0.2)))
            .rules(new TokenRules(Map.of(3, -1.5, 4, 2.0), 5, 3))
            .penalties(new Penalties(1.2, 0.3, -0.4, 99))
            .dry(new Dry(0.8, 1.5, 3, -1, List.of("\n", ";")))
            .mirostat(new Mirostat(2, 4, 0.2))
            .logprobs(new Logprobs(true, 3))
            .build();
    var parsed =
        new ChatRequestParser(RequestLimits.DEFAULTS).parse(body(all), Sampling.greedy(100));
    assertThat(parsed).isInstanceOf(Parsed.Valid.class);
    ChatRequest read = ((Parsed.Valid<ChatRequest>) parsed).value();
    assertThat(read.sampling()).isEqualTo(all);
    assertThat(read.messages()).isEqualTo(MESSAGES);
    assertThat(read.stream()).isTrue();
    assertThat(read.includeUsage()).isTrue();
  }

  @Test
  void every_response_format_arrives_as_it_is() {
    for (ResponseFormat format :
        List.of(
            ResponseFormat.JSON_OBJECT,
            ResponseFormat.jsonSchema("{\"properties\":{\"z\":{},\"a\":{\"const\":1.5}}}"),
            ResponseFormat.grammar("root ::= \"é\" | [a-z]+"))) {
      Sampling sampling = Sampling.greedy(7).change().format(format).build();
      var parsed =
          new ChatRequestParser(RequestLimits.DEFAULTS).parse(body(sampling), Sampling.greedy(1));
      assertThat(((Parsed.Valid<ChatRequest>) parsed).value().sampling().format())
          .isEqualTo(format);
    }
  }

  @Test
  void what_llama_server_calls_otherwise_has_both_names() throws Exception {
    JsonNode body =
        json(
            Sampling.greedy(7)
                .change()
                .penalties(new Penalties(1.2, 0, 0, 64))
                .mirostat(new Mirostat(1, 5, 0.1))
                .build());
    assertThat(body.path("repeat_penalty")).isEqualTo(body.path("repetition_penalty"));
    assertThat(body.path("mirostat")).isEqualTo(body.path("mirostat_mode"));
    assertThat(body.has("repeat_last_n")).isFalse();
  }
}
