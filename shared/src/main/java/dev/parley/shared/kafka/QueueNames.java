package dev.parley.shared.kafka;

import dev.parley.shared.wire.Lane;
import java.util.Arrays;
import java.util.List;

/// The fixed names of the queue. A lane's share group has the name of its topic: one group reads one
/// topic of one partition, because a share group's assignor spreads several over its members and
/// then work waits while holders are idle. No name has a colon: a share group so named silently
/// gets no data.
public final class QueueNames {
  /// Where the broker copies a prompt that was rejected or delivered too often. Must start with
  /// `dlq.`, the broker's prefix for such topics.
  public static final String DEAD_LETTERS = "dlq.parley.prompts";

  /// The classic consumer group in which the gateways read the dead letters.
  public static final String DEAD_LETTER_GROUP = "parley-dlq";

  private QueueNames() {}

  public static String promptTopic(Lane lane) {
    return switch (lane) {
      case INTERACTIVE -> "parley.prompts.interactive";
      case BATCH -> "parley.prompts.batch";
    };
  }

  public static String shareGroup(Lane lane) {
    return promptTopic(lane);
  }

  static List<String> promptTopics() {
    return Arrays.stream(Lane.values()).map(QueueNames::promptTopic).toList();
  }
}
