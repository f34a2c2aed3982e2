package dev.parley.simulation;

import dev.parley.shared.wire.EndReason;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Looks at a finished run for answers that came out of order: invariant I4 of [Checker].
final class OrderChecker {
  private final World world;

  OrderChecker(World world) {
    this.world = world;
  }

  /// Exempt: a turn that Redis forgot in a rollback, overtaken by one that another gateway admitted
  /// before anybody noticed. A written exception.
  void check() {
    Map<String, List<Case>> conversations =
        world.cases().values().stream()
            .filter(c -> c.accepted && !c.closings.isEmpty())
            .filter(c -> c.closings.getLast().end() != EndReason.CANCELLED)
            // One that was refused never had a place in the conversation.
            .filter(c -> c.closings.getLast().end() != EndReason.REFUSED)
            .collect(Collectors.groupingBy(c -> c.ref.conversation()));
    for (List<Case> turns : conversations.values()) {
      turns.sort(Comparator.comparingLong(c -> c.admittedMs));
      for (int i = 1; i < turns.size(); i++) {
        long before = turns.get(i - 1).closings.getFirst().atMs();
        long after = turns.get(i).closings.getFirst().atMs();
        boolean answered = turns.get(i).closings.getFirst().end().answered();
        boolean apart = !turns.get(i - 1).closedBy.equals(turns.get(i).closedBy);
        if (answered
            && !(apart && world.happened(Fault.REDIS_ROLLBACK))
            && comesFirst(turns.get(i - 1), turns.get(i))
            && after < before) {
          world.violation(
              "I4 " + turns.get(i).ref + " was answered before " + turns.get(i - 1).ref);
        }
      }
    }
  }

  /// A message that was admitted twice has two places; it comes first when both are.
  private static boolean comesFirst(Case one, Case other) {
    return one.admittedMs < other.admittedMs && one.firstAdmittedMs < other.firstAdmittedMs;
  }
}
