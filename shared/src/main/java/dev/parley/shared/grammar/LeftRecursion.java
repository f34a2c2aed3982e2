package dev.parley.shared.grammar;

import dev.parley.shared.grammar.Element.Chars;
import dev.parley.shared.grammar.Element.End;
import dev.parley.shared.grammar.Element.Ref;
import dev.parley.shared.grammar.Element.Repeat;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Refuses rules that may come to themselves again without a character in between: their readings have no end.
final class LeftRecursion {
  private final List<Rule> rules;

  /// Rules that may stand for nothing at all.
  private final Set<Rule> nullable = new HashSet<>();

  private LeftRecursion(List<Rule> rules) {
    this.rules = rules;
  }

  /// @throws GrammarException when there is one
  static void refuse(List<Rule> rules) {
    LeftRecursion check = new LeftRecursion(rules);
    check.findNullable();
    check.refuseCycles();
  }

  /// Each rule is looked at again when one that it uses has become nullable.
  private void findNullable() {
    Map<Rule, List<Rule>> users = new HashMap<>();
    for (Rule rule : rules) {
      for (Cell alternative : rule.alternatives()) {
        for (Cell cell = alternative; cell != Cell.END; cell = cell.next()) {
          used(cell).forEach(used -> users.computeIfAbsent(used, u -> new ArrayList<>()).add(rule));
        }
      }
    }
    Deque<Rule> todo = new ArrayDeque<>(rules);
    while (!todo.isEmpty()) {
      Rule rule = todo.pop();
      if (!nullable.contains(rule) && rule.alternatives().stream().anyMatch(this::allNullable)) {
        nullable.add(rule);
        todo.addAll(users.getOrDefault(rule, List.of()));
      }
    }
  }

  private boolean allNullable(Cell sequence) {
    Cell cell = sequence;
    while (cell != Cell.END && isNullable(cell)) {
      cell = cell.next();
    }
    return cell == Cell.END;
  }

  private boolean isNullable(Cell cell) {
    return switch (cell.element()) {
      case Chars _ -> false;
      case Ref(Rule rule) -> nullable.contains(rule);
      case Repeat(Cell item, int min, int max) -> min == 0 || max == 0 || isNullable(item);
      case End _ -> true;
    };
  }

  /// The rule that an element names, if it names one.
  private static List<Rule> used(Cell cell) {
    return switch (cell.element()) {
      case Ref(Rule rule) -> List.of(rule);
      case Repeat(Cell item, int _, int _) -> used(item);
      case Chars _, End _ -> List.of();
    };
  }

  /// Rules that may come first.
  private List<Rule> first(Rule rule) {
    List<Rule> first = new ArrayList<>();
    for (Cell alternative : rule.alternatives()) {
      Cell cell = alternative;
      while (cell != Cell.END && isNullable(cell)) {
        first.addAll(used(cell));
        cell = cell.next();
      }
      first.addAll(used(cell));
    }
    return first;
  }

  private record Visit(Rule rule, Deque<Rule> left) {}

  /// Depth-first; a rule that is met again while it is on the path begins with itself.
  private void refuseCycles() {
    Set<Rule> seen = new HashSet<>();
    Set<Rule> onPath = new HashSet<>();
    Deque<Visit> path = new ArrayDeque<>();
    for (Rule start : rules) {
      if (seen.add(start)) {
        enter(start, path, onPath);
      }
      while (!path.isEmpty()) {
        Visit visit = path.peek();
        Rule next = visit.left().poll();
        if (next == null) {
          onPath.remove(path.pop().rule());
        } else if (onPath.contains(next)) {
          throw new GrammarException(
              "the rule '%s' may begin with itself (left recursion): put a character before it"
                  .formatted(next.name()));
        } else if (seen.add(next)) {
          enter(next, path, onPath);
        }
      }
    }
  }

  private void enter(Rule rule, Deque<Visit> path, Set<Rule> onPath) {
    onPath.add(rule);
    path.push(new Visit(rule, new ArrayDeque<>(first(rule))));
  }
}
