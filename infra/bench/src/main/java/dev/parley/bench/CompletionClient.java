package dev.parley.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.shared.openai.CompletionWriter;
import dev.parley.shared.openai.SseEvent;
import dev.parley.shared.openai.SseParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Asks any OpenAI-compatible server for a streamed completion, and times it from the first try on: who is
/// told to come again later does.
final class CompletionClient {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration LIMIT = Duration.ofMinutes(15);
  private static final int OK = 200;
  private static final int TOO_MANY = 429;

  /// Version 1.1 is what all servers speak: none is asked to change to another first.
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final URI address;
  private final String model;

  CompletionClient(URI server, String model) {
    this.address = server.resolve("/v1/chat/completions");
    this.model = model;
  }

  /// Waits for the whole answer. An interrupt breaks the connection off.
  Completion ask(Question question) throws InterruptedException {
    return exchange(question, this::read);
  }

  /// Breaks the connection off when so many pieces of text have come, or the answer has ended before.
  void breakOff(Question question, int pieces) throws InterruptedException {
    exchange(
        question,
        (sent, lines) -> {
          int read = 0;
          while (read < pieces && lines.hasNext()) {
            if (lines.next().contains("\"content\":\"")) {
              read++;
            }
          }
          return read;
        });
  }

  /// Reads an answer.
  private interface Reader<T> {
    T read(long sent, Iterator<String> lines);
  }

  private <T> T exchange(Question question, Reader<T> reader) throws InterruptedException {
    HttpRequest request = request(question);
    long sent = System.nanoTime();
    try {
      var reply = http.send(request, BodyHandlers.ofLines());
      while (reply.statusCode() == TOO_MANY && System.nanoTime() - sent < LIMIT.toNanos()) {
        reply.body().close();
        TimeUnit.SECONDS.sleep(reply.headers().firstValueAsLong("Retry-After").orElse(1));
        reply = http.send(request, BodyHandlers.ofLines());
      }
      try (var lines = reply.body()) {
        if (reply.statusCode() != OK) {
          throw new IllegalStateException(
              address + " answered " + reply.statusCode() + ": " + lines.toList());
        }
        return reader.read(sent, lines.iterator());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(address + " does not answer", e);
    }
  }

  /// A user's name is his key too.
  private HttpRequest request(Question question) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address)
            .header("Content-Type", "application/json")
            .timeout(LIMIT)
            .POST(BodyPublishers.ofString(body(question)));
    if (!question.user().isEmpty()) {
      request.header("Authorization", "Bearer " + question.user());
    }
    return request.build();
  }

  private String body(Question question) {
    ObjectNode body = JSON.createObjectNode();
    body.put("model", model);
    body.put("stream", true);
    body.putObject("stream_options").put("include_usage", true);
    body.put("max_tokens", question.maxTokens());
    body.put("temperature", question.temperature());
    body.put("seed", question.seed());
    if (!question.user().isEmpty()) {
      body.put("user", question.user());
    }
    question.slot().ifPresent(slot -> body.put("id_slot", slot));
    var messages = body.putArray("messages");
    for (Question.Message message : question.messages()) {
      messages.addObject().put("role", message.role()).put("content", message.content());
    }
    return body.toString();
  }

  private Completion read(long sent, Iterator<String> lines) {
    SseParser parser = new SseParser();
    List<Long> pieces = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    String finish = "";
    Optional<JsonNode> usage = Optional.empty();
    while (lines.hasNext()) {
      Optional<SseEvent> event = parser.line(lines.next());
      if (event.isEmpty() || event.get().data().equals(CompletionWriter.DONE)) {
        continue;
      }
      JsonNode chunk = json(event.get().data());
      if (chunk.has("error")) {
        throw new IllegalStateException(address + " failed: " + chunk);
      }
      String piece = chunk.at("/choices/0/delta/content").asText("");
      if (!piece.isEmpty()) {
        pieces.add(System.nanoTime());
        text.append(piece);
      }
      finish = chunk.at("/choices/0/finish_reason").asText(finish);
      if (chunk.path("usage").isObject()) {
        usage = Optional.of(chunk.path("usage"));
      }
    }
    JsonNode counted =
        usage.orElseThrow(() -> new IllegalStateException(address + " did not count tokens"));
    return new Completion(
        sent,
        pieces,
        text.toString(),
        finish,
        counted.path("completion_tokens").asInt(),
        counted.path("prompt_tokens").asInt(),
        counted.at("/prompt_tokens_details/cached_tokens").asInt(0));
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("not JSON: " + text, e);
    }
  }
}
