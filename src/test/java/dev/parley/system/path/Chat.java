package dev.parley.system.path;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.wire.ChatMessage;
import dev.parley.shared.wire.Sampling;
import dev.parley.standalone.Node;
import dev.parley.standalone.PageClient;
import dev.parley.worker.engine.FakeEngine;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// One conversation through a gateway's page API, with what the fake engine is to answer.
final class Chat {
  /// What the gateway puts before a conversation when nothing else is set.
  private static final String SYSTEM = "You are a helpful assistant.";

  private static final int MAX_TOKENS = 4000;
  private static final long SEED = 7;

  private final URI gateway;
  private final String conversation;

  private final int maxTokens;

  private Chat(URI gateway, String conversation, int maxTokens) {
    this.gateway = gateway;
    this.conversation = conversation;
    this.maxTokens = maxTokens;
  }

  static Chat with(URI gateway) {
    return new Chat(gateway, freshId(), MAX_TOKENS);
  }

  /// The same conversation through another gateway.
  Chat through(Node other) {
    return new Chat(other.url(), conversation, maxTokens);
  }

  /// The same conversation with shorter answers.
  Chat limitedTo(int tokens) {
    return new Chat(gateway, conversation, tokens);
  }

  static String freshId() {
    return PageClient.freshId();
  }

  /// A message under an id of its client.
  record Message(String id, String text) {}

  /// Sends a message that must be accepted, and reads its answer.
  Sent send(String text) {
    Message message = new Message(freshId(), text);
    submit(message).mustBeAccepted();
    return sent(message);
  }

  Sent sent(Message message) {
    return new Sent(ref(message), follow(message));
  }

  /// A turn and one that reads it.
  record Sent(TurnRef ref, Reader reader) {
    /// Waits for the end, checks that it was an answer and returns it.
    String answer() {
      return reader.awaitAnswer();
    }
  }

  TurnRef ref(Message message) {
    return sending(message).ref();
  }

  PageClient.Reply submit(Message message) {
    return new PageClient(gateway)
        .submit(sending(message), Map.of("seed", SEED, "temperature", 0, "max_tokens", maxTokens));
  }

  Reader follow(Message message) {
    return Reader.start(List.of(gateway.resolve(sending(message).events())));
  }

  PageClient.Reply cancel(Message message) {
    return new PageClient(gateway).cancel(sending(message));
  }

  /// The conversation's exchanges as the page shows them after a reload.
  JsonNode history() {
    return new PageClient(gateway).history(conversation);
  }

  private PageClient.Message sending(Message message) {
    return new PageClient.Message(conversation, message.id(), message.text());
  }

  /// The answer of an uninterrupted fake engine to the last of these texts: user and assistant in turn,
  /// beginning with the user.
  static String expected(String... texts) {
    List<ChatMessage> messages = new ArrayList<>();
    messages.add(ChatMessage.system(SYSTEM));
    for (int i = 0; i < texts.length; i++) {
      messages.add(new ChatMessage(i % 2 == 0 ? "user" : "assistant", texts[i], List.of(), ""));
    }
    return FakeEngine.expectedText(
        messages, new Sampling(MAX_TOKENS, 0, 0.95, 40, 0.05, SEED, List.of()));
  }
}
