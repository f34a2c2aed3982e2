package dev.parley.gateway.telegram.markup;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The spans of a message as Telegram takes them, from those that the Markdown gave: code and links
/// first, and the other styles around and between them.
final class Entities {

  /// Telegram silently drops the entities of a message after so many.
  static final int MAX = 100;

  private final String text;
  private final BitSet claimed = new BitSet();
  private final List<Span> exclusive = new ArrayList<>();

  private Entities(String text) {
    this.text = text;
  }

  static List<Span> of(String text, List<Span> drawn) {
    Entities entities = new Entities(text);
    drawn.stream().filter(s -> s.style() == Style.PRE).forEach(entities::claim);
    drawn.stream().filter(s -> s.style() == Style.CODE).forEach(entities::claim);
    LiveText.in(text).forEach(entities::claim);
    entities.exclusive.sort(RichText.ORDER);
    return entities.exclusive.size() > MAX
        ? entities.covering()
        : entities.with(entities.others(drawn));
  }

  private void claim(Span span) {
    exclusive.addAll(unclaimed(span));
    claimed.set(span.offset(), span.end());
  }

  private List<Span> unclaimed(Span span) {
    List<Span> pieces = new ArrayList<>();
    int from = claimed.nextClearBit(span.offset());
    while (from < span.end()) {
      int next = claimed.nextSetBit(from);
      int to = next < 0 ? span.end() : Math.min(next, span.end());
      if (!Glyphs.isSpace(text.substring(from, to))) {
        pieces.add(span.cut(from, to));
      }
      from = claimed.nextClearBit(to);
    }
    return pieces;
  }

  /// The styles that may nest, each outermost span only, quotes before the others.
  private List<Span> others(List<Span> drawn) {
    List<Span> quotes = new ArrayList<>();
    List<Span> styles = new ArrayList<>();
    Map<Style, Integer> ends = new EnumMap<>(Style.class);
    for (Span span : drawn.stream().sorted(RichText.ORDER).toList()) {
      if (span.style().isExclusive() || span.end() <= ends.getOrDefault(span.style(), 0)) {
        continue;
      }
      ends.put(span.style(), span.end());
      if (span.style() == Style.BLOCKQUOTE) {
        quotes.add(span);
      } else {
        styles.addAll(unclaimed(span));
      }
    }
    return Stream.concat(quotes.stream(), styles.stream()).toList();
  }

  private List<Span> with(List<Span> others) {
    return Stream.concat(exclusive.stream(), others.stream().limit(MAX - exclusive.size()))
        .sorted(RichText.ORDER)
        .toList();
  }

  /// Where there are too many links, the last entity goes over all that are left: a style too much
  /// does less harm than a live link.
  private List<Span> covering() {
    List<Span> spans = new ArrayList<>(exclusive.subList(0, MAX - 1));
    int end = exclusive.stream().map(Span::end).max(Comparator.naturalOrder()).orElseThrow();
    spans.add(Span.between(exclusive.get(MAX - 1).offset(), end, Style.CODE));
    return spans;
  }
}
