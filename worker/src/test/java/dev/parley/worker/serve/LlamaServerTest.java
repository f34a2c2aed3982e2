package dev.parley.worker.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.shared.config.HttpBind;
import dev.parley.shared.wire.Sampling;
import dev.parley.worker.engine.EngineSettings;
import dev.parley.worker.engine.LlamaEngine;
import dev.parley.worker.llama.KvType;
import dev.parley.worker.llama.TestModel;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The real model behind the API, where what a request says depends on its vocabulary.
class LlamaServerTest {
  private final EngineServer server =
      EngineServer.start(
          "a-model",
          new HttpBind("127.0.0.1", 0, List.of()),
          listener ->
              LlamaEngine.start(
                  new LlamaEngine.Options(
                      TestModel.libraries(),
                      TestModel.file(),
                      1,
                      256,
                      KvType.F16,
                      TestModel.THREADS),
                  EngineSettings.DEFAULT,
                  listener),
          Sampling.greedy(20));
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  private HttpResponse<String> post(String more) throws Exception {
    String body =
        "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Greet me in French.\"}]"
            + more
            + "}";
    return client.send(
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + server.port() + "/v1/chat/completions"))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void a_bias_for_a_token_that_the_model_does_not_have_is_the_clients_error() throws Exception {
    int vocabulary = server.engine().info().vocabulary();
    assertThat(post(",\"logit_bias\":{\"%d\":1}".formatted(vocabulary - 1)).statusCode())
        .isEqualTo(200);
    HttpResponse<String> refused = post(",\"logit_bias\":{\"%d\":1}".formatted(vocabulary));
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body()).contains("\"param\":\"logit_bias\"");
  }

  @Test
  void the_bytes_of_all_logprobs_are_the_answer() throws Exception {
    JsonNode answer =
        new ObjectMapper().readTree(post(",\"logprobs\":true,\"top_logprobs\":20").body());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (JsonNode token : answer.at("/choices/0/logprobs/content")) {
      token.get("bytes").forEach(b -> bytes.write(b.intValue()));
      assertThat(token.get("top_logprobs").size()).isEqualTo(20);
    }
    assertThat(answer.at("/choices/0/message/content").textValue())
        .isNotEmpty()
        .isEqualTo(bytes.toString(StandardCharsets.UTF_8));
  }
}
