package dev.parley.shared.grammar;

import dev.parley.shared.grammar.CodePoints.Range;
import dev.parley.shared.grammar.Element.Chars;
import dev.parley.shared.grammar.Element.Ref;
import dev.parley.shared.grammar.Element.Repeat;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Reads one GBNF text, as `llama_grammar_parser` does. Where that one reads on, this one is strict: a rule has one
/// definition, `{m,n}` counts upwards, a set is not empty, and whatever a limit of [Grammar] forbids.
final class GbnfParser {
  private final GbnfText text;
  private final Map<String, Rule> named = new LinkedHashMap<>();
  private final List<Rule> rules = new ArrayList<>();
  private int elements;

  GbnfParser(String gbnf) {
    text = new GbnfText(gbnf);
  }

  Grammar grammar() {
    text.skipSpace(true);
    while (!text.atEnd()) {
      rule();
    }
    Rule root = named.get("root");
    if (root == null) {
      throw new GrammarException("there is no rule 'root'");
    }
    for (Rule rule : named.values()) {
      if (!rule.isDefined()) {
        throw new GrammarException("the rule '%s' is used but not defined".formatted(rule.name()));
      }
    }
    LeftRecursion.refuse(rules);
    return new Grammar(root);
  }

  private void rule() {
    int start = text.position();
    Rule rule = named(text.name());
    if (rule.isDefined()) {
      throw text.fault(start, "the rule '%s' is defined already".formatted(rule.name()));
    }
    text.skipSpace(false);
    text.expect("::=");
    text.skipSpace(true);
    alternatives(rule, 0);
    text.expectLineEnd();
    text.skipSpace(true);
  }

  private Rule named(String name) {
    Rule known = named.get(name);
    if (known == null) {
      known = newRule(name);
      named.put(name, known);
    }
    return known;
  }

  private Rule newRule(String name) {
    if (rules.size() == Grammar.MAX_RULES) {
      throw text.fault("there are more than %d rules and groups".formatted(Grammar.MAX_RULES));
    }
    Rule rule = new Rule(name);
    rules.add(rule);
    return rule;
  }

  /// @param depth of parentheses around them
  private void alternatives(Rule rule, int depth) {
    rule.add(sequence(rule.name(), depth));
    while (text.accept('|')) {
      text.skipSpace(true);
      rule.add(sequence(rule.name(), depth));
    }
  }

  private Cell sequence(String name, int depth) {
    List<Element> sequence = new ArrayList<>();
    // Where the last thing that can be repeated begins.
    int last = 0;
    while (!text.atEnd()) {
      int start = sequence.size();
      char c = text.peek();
      if (c == '"') {
        literal(sequence);
      } else if (c == '[') {
        sequence.add(new Chars(set()));
      } else if (text.accept('.')) {
        sequence.add(new Chars(CodePoints.ALL));
      } else if (c == '(') {
        sequence.add(new Ref(group(name, depth)));
      } else if (GbnfText.isWord(c)) {
        sequence.add(new Ref(named(text.name())));
      } else if (c == '*' || c == '+' || c == '?' || c == '{') {
        repeat(sequence, last, name);
        start = last;
      } else if (c == '<' || c == '!') {
        throw text.fault(
            "tokens in a grammar are not supported: write the text that they stand for");
      } else {
        break;
      }
      last = start;
      text.skipSpace(depth > 0);
    }
    return cells(sequence);
  }

  private Cell cells(List<Element> sequence) {
    Cell first = Cell.sequence(sequence, elements + 1);
    elements += sequence.size();
    if (elements > Grammar.MAX_ELEMENTS) {
      throw text.fault(
          "there are more than %d characters, sets and names".formatted(Grammar.MAX_ELEMENTS));
    }
    return first;
  }

  private void literal(List<Element> into) {
    text.expect("\"");
    while (!text.accept('"')) {
      int c = text.character();
      into.add(new Chars(CodePoints.of(List.of(new Range(c, c)))));
    }
  }

  private CodePoints set() {
    int start = text.position();
    text.expect("[");
    boolean negated = text.accept('^');
    List<Range> ranges = new ArrayList<>();
    while (!text.accept(']')) {
      int from = text.character();
      int to = text.acceptRange() ? text.character() : from;
      if (to < from) {
        throw text.fault(start, "a range of characters ends before it begins");
      }
      ranges.add(new Range(from, to));
    }
    CodePoints set = CodePoints.of(ranges);
    CodePoints whole = negated ? set.negated() : set;
    if (ranges.isEmpty() || whole.isEmpty()) {
      throw text.fault(start, "a set of characters is empty");
    }
    return whole;
  }

  private Rule group(String name, int depth) {
    if (depth == Grammar.MAX_PARENTHESES) {
      throw text.fault("parentheses are nested deeper than " + Grammar.MAX_PARENTHESES);
    }
    text.expect("(");
    text.skipSpace(true);
    Rule group = newRule(name);
    alternatives(group, depth + 1);
    text.expect(")");
    return group;
  }

  /// Replaces what stands from an index on by its repetition.
  private void repeat(List<Element> sequence, int from, String name) {
    if (from == sequence.size()) {
      throw text.fault("there is nothing to repeat before this");
    }
    if (sequence.getLast() instanceof Repeat) {
      throw text.fault("this is repeated already: put it into parentheses");
    }
    GbnfText.Times times = text.times();
    List<Element> repeated = sequence.subList(from, sequence.size());
    Element item = repeated.getFirst();
    if (repeated.size() > 1) {
      Rule rule = newRule(name);
      rule.add(cells(List.copyOf(repeated)));
      item = new Ref(rule);
    }
    repeated.clear();
    sequence.add(new Repeat(cells(List.of(item)), times.min(), times.max()));
  }
}
