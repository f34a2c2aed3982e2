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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The pushdown automaton of one text: which readings follow which, computed once each. All of its memory and time is
/// bounded, whatever the grammar. Not thread-safe.
final class Automaton {
  /// Readings that are followed at once; of more, the first found.
  private static final int MAX_READY = 512;

  /// Places to return to; a deeper reading is dropped.
  private static final int MAX_DEPTH = 512;

  /// Stacks that one character may lead over.
  private static final int MAX_EXPANDED = 8_192;

  /// Ready stacks that are remembered with what follows them, a few hundred bytes each; then all are forgotten.
  private static final int MAX_KNOWN = 50_000;

  /// Looks at a stack between two calls of [#refresh]. JSON takes some million for a row of 150,000 tokens; all
  /// of them take a tenth of a second or two.
  private static final long MAX_LOOKS = 20_000_000;

  /// Making a stack costs about as much as so many looks, and one for each place that it is deep.
  private static final int LOOKS_EACH = 8;

  private final Map<Stack, Stack> known = new HashMap<>();
  private long looks;

  /// The ready stacks before the first character.
  List<Stack> start(Rule rule) {
    return ready(rule.alternatives().stream().map(cell -> Stack.on(cell, Stack.DONE)).toList());
  }

  /// Allows as many looks again.
  void refresh() {
    looks = 0;
  }

  /// The ready stacks after a character.
  List<Stack> step(List<Stack> stacks, int codePoint) {
    look(stacks.size());
    List<Stack> only = List.of();
    Set<Stack> union = Set.of();
    for (Stack stack : stacks) {
      if (stack.isDone() || !stack.characters().contains(codePoint)) {
        continue;
      }
      List<Stack> after = after(stack);
      if (only.isEmpty()) {
        only = after;
      } else {
        union = union.isEmpty() ? new LinkedHashSet<>(only) : union;
        union.addAll(after);
        look(LOOKS_EACH * after.size());
      }
    }
    return union.isEmpty() ? only : union.stream().limit(MAX_READY).toList();
  }

  /// Of ready stacks, those with one of the code points from one to another, both included.
  List<Stack> meeting(List<Stack> stacks, int from, int to) {
    look(stacks.size());
    return stacks.stream()
        .filter(stack -> !stack.isDone() && stack.characters().meets(from, to))
        .toList();
  }

  private List<Stack> after(Stack stack) {
    List<Stack> after = stack.after();
    if (after == null) {
      after = ready(List.of(stack.rest()));
      stack.after(after);
    }
    return after;
  }

  /// Follows rules and repetitions down to characters.
  private List<Stack> ready(List<Stack> from) {
    List<Stack> ready = new ArrayList<>();
    Set<Stack> seen = new HashSet<>();
    Deque<Stack> todo = new ArrayDeque<>(from);
    while (!todo.isEmpty() && seen.size() < MAX_EXPANDED && ready.size() < MAX_READY) {
      Stack stack = todo.pop();
      look(LOOKS_EACH + stack.depth());
      if (stack.depth() <= MAX_DEPTH && seen.add(stack)) {
        switch (stack.cell().element()) {
          case Chars _, End _ -> ready.add(known(stack));
          case Ref(Rule rule) -> {
            Stack rest = stack.rest();
            rule.alternatives().reversed().forEach(cell -> todo.push(Stack.on(cell, rest)));
          }
          case Repeat repeat -> repeat(stack, repeat, todo);
        }
      }
    }
    return List.copyOf(ready);
  }

  private static void repeat(Stack stack, Repeat repeat, Deque<Stack> todo) {
    boolean endless = repeat.max() == Repeat.NO_END;
    if (stack.count() >= repeat.min()) {
      todo.push(stack.rest());
    }
    if (endless || stack.count() < repeat.max()) {
      int times = endless ? Math.min(stack.count() + 1, repeat.min()) : stack.count() + 1;
      todo.push(Stack.on(repeat.item(), stack.counted(times)));
    }
  }

  /// The stack that stands for all equal ones.
  private Stack known(Stack stack) {
    if (stack.isDone()) {
      return stack;
    }
    if (known.size() >= MAX_KNOWN) {
      // What follows them is forgotten too, or they would hold each other.
      known.keySet().forEach(Stack::forgetAfter);
      known.clear();
    }
    Stack before = known.putIfAbsent(stack, stack);
    return before == null ? stack : before;
  }

  private void look(int count) {
    looks += count;
    if (looks > MAX_LOOKS) {
      throw new GrammarException("it has too many readings: make it less ambiguous");
    }
  }
}
