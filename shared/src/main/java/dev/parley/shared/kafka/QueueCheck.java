package dev.parley.shared.kafka;

import java.util.List;
import java.util.stream.Collectors;

/// Whether the queue can be used.
public sealed interface QueueCheck {
  /// Everything is as the protocol needs it.
  record Ready() implements QueueCheck {}

  /// The cluster answers, but prompts could be lost or stuck: an operator has to act.
  record Misconfigured(List<Finding> findings) implements QueueCheck {
    public Misconfigured {
      findings = List.copyOf(findings);
      if (findings.isEmpty()) {
        throw new IllegalArgumentException("misconfigured without a finding");
      }
    }
  }

  /// The cluster does not answer; it may come back.
  record Unreachable(String reason) implements QueueCheck {}

  default boolean ready() {
    return this instanceof Ready;
  }

  /// One line for readiness, the log and the doctor.
  default String describe() {
    return switch (this) {
      case Ready() -> "Kafka is ready";
      case Misconfigured(List<Finding> findings) ->
          findings.stream().map(Finding::toString).collect(Collectors.joining(" | "));
      case Unreachable(String reason) -> "Kafka does not answer: " + reason;
    };
  }
}
