package dev.parley.bench;

import dev.parley.bench.PageClient.Sent;
import dev.parley.shared.redis.RedisSettings;
import dev.parley.shared.redis.RedisTurnStore;
import dev.parley.shared.turn.ViewReply;
import dev.parley.standalone.Node;
import java.net.URI;
import java.util.List;

/// An answer that flows through the first of two gateways while something is done to it.
final class Conversation {
  /// An answer outlasts whatever is done to it.
  private static final int ANSWER_TOKENS = 1_500;

  /// Growths after which an answer flows.
  private static final int FLOWING = 20;

  private final List<Node> gateways;
  private final Sent sent;
  private final PageReader reader;

  private Conversation(List<Node> gateways) throws InterruptedException {
    this.gateways = gateways;
    sent =
        new PageClient(gateways.getFirst().url())
            .send("Please write " + ANSWER_TOKENS + " words", ANSWER_TOKENS);
    List<URI> addresses = gateways.stream().map(node -> node.url().resolve(sent.events())).toList();
    reader = PageReader.start(addresses);
  }

  /// Asks, without waiting.
  static Conversation ask(List<Node> gateways) throws InterruptedException {
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
      if (!(store.view(sent.ref(), Long.MAX_VALUE) instanceof ViewReply.Found found)) {
        throw new IllegalStateException("Redis does not know the turn");
      }
      return workers.stream()
          .filter(node -> node.workerId().equals(found.turn().worker()))
          .findFirst()
          .orElseThrow(() -> new IllegalStateException("nobody is " + found.turn().worker()));
    }
  }

  /// Stops the answer.
  void stop() throws InterruptedException {
    new PageClient(gateways.getLast().url()).cancel(sent);
  }
}
