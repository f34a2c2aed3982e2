package dev.parley.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Every scenario against a made-up server that answers at once.
final class ScenariosTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CHUNK = "data: {\"choices\":[{\"delta\":{\"content\":\"a \"}}]}\n\n";
  private static final String LENGTH =
      "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"length\"}]}\n\n";
  private static final String DONE = "data: [DONE]\n\n";

  private HttpServer http;

  @BeforeEach
  void start() throws IOException {
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    http.createContext("/v1/chat/completions", ScenariosTest::answer);
    http.start();
  }

  @AfterEach
  void stop() {
    http.stop(0);
  }

  private static void answer(HttpExchange exchange) throws IOException {
    JsonNode body = JSON.readTree(exchange.getRequestBody());
    int tokens = body.path("max_tokens").asInt();
    int promptTokens = 0;
    for (JsonNode message : body.path("messages")) {
      promptTokens += message.path("content").asText().split(" ", -1).length;
    }
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream out = exchange.getResponseBody()) {
      for (int i = 0; i < tokens; i++) {
        send(out, CHUNK);
      }
      send(out, LENGTH);
      String usage =
          "{\"completion_tokens\":%d,\"prompt_tokens\":%d,\"prompt_tokens_details\":{\"cached_tokens\":%d}}"
              .formatted(tokens, promptTokens, promptTokens / 2);
      send(out, "data: {\"choices\":[],\"usage\":" + usage + "}\n\n");
      send(out, DONE);
    }
  }

  private static void send(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  @Test
  void every_scenario_yields_its_figures() throws Exception {
    URI url = URI.create("http://127.0.0.1:" + http.getAddress().getPort());
    Map<Scenario, Future<Run>> runs = new HashMap<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Scenario scenario : Scenario.all()) {
        Endpoint server =
            new Endpoint(
                Peer.PARLEY,
                List.of(new CompletionClient(url, "made-up"), new CompletionClient(url, "made-up")),
                ProcessHandle.current().pid());
        runs.put(scenario, threads.submit(() -> scenario.run(server, new Prompts(1))));
      }
    }
    for (var entry : runs.entrySet()) {
      Run run = entry.getValue().get();

      assertThat(run.replies()).as(entry.getKey().letter()).isNotEmpty();
      assertThat(run.replies()).allSatisfy(reply -> assertThat(reply.failure()).isEmpty());
      for (Wanted wanted : entry.getKey().wanted()) {
        // Four streams of one speed end together here, which leaves no time to measure.
        if (!entry.getKey().letter().equals("C")) {
          assertThat(run.values()).as(entry.getKey().letter()).containsKey(wanted.metric());
        }
      }
    }
  }
}
