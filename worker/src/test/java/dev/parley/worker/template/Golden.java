package dev.parley.worker.template;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.shared.wire.ChatMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/// The golden files that `infra/golden/templates.py` made with llama-server.
final class Golden {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final JsonNode about = json("about.json");

  /// What the server made of one conversation: a prompt, or the error it answered with.
  record Case(String template, String shape, Optional<String> prompt, String error) {
    String name() {
      return template + " / " + shape;
    }
  }

  List<String> templates() {
    List<String> names = new ArrayList<>();
    about.get("templates").forEach(name -> names.add(name.asText()));
    return names;
  }

  SpecialTokens tokens() {
    return new SpecialTokens(about.get("bos").asText(), about.get("eos").asText(), false, false);
  }

  LocalDateTime now() {
    return LocalDate.parse(about.get("date").asText()).atTime(12, 0);
  }

  Map<String, List<ChatMessage>> shapes() {
    Map<String, List<ChatMessage>> shapes = new TreeMap<>();
    about
        .get("shapes")
        .properties()
        .forEach(shape -> {
          List<ChatMessage> messages = new ArrayList<>();
          shape
              .getValue()
              .forEach(each ->
                  messages.add(
                      ChatMessage.of(each.get("role").asText(), each.get("content").asText())));
          shapes.put(shape.getKey(), messages);
        });
    return shapes;
  }

  List<ChatMessage> shape(String name) {
    return Objects.requireNonNull(shapes().get(name), name);
  }

  ChatTemplate parse(String template) {
    return ChatTemplate.parse(source(template), tokens());
  }

  String source(String template) {
    return text(template + ".jinja");
  }

  List<Case> cases(String template) {
    List<Case> cases = new ArrayList<>();
    json(template + ".json")
        .get("cases")
        .properties()
        .forEach(entry ->
            cases.add(
                new Case(
                    template,
                    entry.getKey(),
                    Optional.ofNullable(entry.getValue().get("prompt")).map(JsonNode::asText),
                    entry.getValue().path("error").asText())));
    return cases;
  }

  private static JsonNode json(String name) {
    try {
      return MAPPER.readTree(text(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(String name) {
    try (InputStream in = Golden.class.getResourceAsStream("golden/" + name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
