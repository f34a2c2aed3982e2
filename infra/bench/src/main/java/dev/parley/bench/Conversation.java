package dev.parley.bench;

import dev.parley.shared.redis.RedisSettings;
import dev.parley.shared.redis.RedisTurnStore;
import dev.parley.shared.turn.ViewReply;
import dev.parley.standalone.Node;
import dev.parley.standalone.PageClient;
import java.net.URI;
import java.util.List;
import java.util.Map;

/// An answer that flows through the first of two gateways while something is done to it.
final class Conversation {
  /// An answer outlasts whatever is done to it.
  private static final int ANSWER_TOKENS = 1_500;

  private static final int OK = 200;

  /// Growths after which an answer flows.
  private static final int FLOWING = 20;

  private final List<Node> gateways;
  private final PageClient.Message message =
      PageClient.Message.of("Please write " + ANSWER_TOKENS + " words");
  private final PageReader reader;

  private Conversation(List<Node> gateways) {
    this.gateways = gateways;
    new PageClient(gateways.getFirst().url())
        .submit(message, Map.of("max_tokens", ANSWER_TOKENS))
        .mustBeAccepted();
    List<URI> addresses =
        gateways.stream().map(node -> node.url().resolve(message.events())).toList();
    reader = PageReader.start(addresses);
  }

  /// Asks, without waiting.
  static Conversation ask(List<Node> gateways) {
    return new Conversation(gateways);
  }

  /// Asks, and waits until the answer flows.
  static Conversation flowing(List<Node> gateways) throws InterruptedException {
    Conversation conversation = new Conversation(gateways);
    conversation.reader.awaitGrown(FLOWING, Long.MIN_VALUE);
    return conversation;
  }

  PageReader reader() {
    return reader;
  }

  /// The worker that writes the answer.
  Node writer(List<Node> workers, RedisSettings redis) {
    // Connections of their own: those of an earlier Redis are dead.
    try (RedisTurnStore store = new RedisTurnStore(redis)) {
      if (!(store.view(message.ref(), Long.MAX_VALUE) instanceof ViewReply.Found found)) {
        throw new IllegalStateException("Redis does not know the turn");
      }
      return workers.stream()
          .filter(node -> node.workerId().equals(found.turn().worker()))
          .findFirst()
          .orElseThrow(() -> new IllegalStateException("nobody is " + found.turn().worker()));
    }
  }

  /// Stops the answer.
  void stop() {
    PageClient.Reply reply = new PageClient(gateways.getLast().url()).cancel(message);
    if (reply.status() != OK) {
      throw new IllegalStateException("cannot be stopped: " + reply);
    }
  }
}
