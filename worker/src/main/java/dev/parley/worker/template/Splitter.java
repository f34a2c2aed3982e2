package dev.parley.worker.template;

import dev.parley.worker.template.Value.ListValue;
import dev.parley.worker.template.Value.Str;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/// `split`, `rsplit` and `splitlines`; the parts keep their origin.
final class Splitter {
  private Splitter() {}

  static Value split(Invocation in, boolean fromRight) {
    Text text = in.text();
    long limit = in.integer(1, "maxsplit", -1);
    int most = limit < 0 ? -1 : (int) Math.min(limit, Integer.MAX_VALUE);
    Optional<Text> separator = in.givenText(0, "sep");
    if (separator.isEmpty()) {
      return strings(words(text, most, fromRight));
    }
    String by = separator.get().toString();
    if (by.isEmpty()) {
      throw in.execution().failure(in.name() + " needs a separator that is not empty");
    }
    in.execution().spendSearch(text.length(), by.length());
    List<Text> parts = fromRight ? splitRight(text, by, most) : split(text, by, most);
    in.execution().spend(parts.size());
    return strings(parts);
  }

  static Value lines(Invocation in) {
    Text text = in.text();
    List<Text> lines = split(text, "\n", -1);
    if (lines.getLast().isEmpty()) {
      lines.removeLast();
    }
    in.execution().spend(lines.size());
    lines.replaceAll(
        line -> line.toString().endsWith("\r") ? line.slice(0, line.length() - 1) : line);
    return strings(lines);
  }

  /// At most `most` cuts, or all for -1.
  static List<Text> split(Text text, String by, int most) {
    List<Text> parts = new ArrayList<>();
    String chars = text.toString();
    int start = 0;
    int at = chars.indexOf(by);
    while (at >= 0 && parts.size() != most) {
      parts.add(text.slice(start, at));
      start = at + by.length();
      at = chars.indexOf(by, start);
    }
    parts.add(text.slice(start, text.length()));
    return parts;
  }

  private static List<Text> splitRight(Text text, String by, int most) {
    List<Text> parts = new ArrayList<>();
    String chars = text.toString();
    int end = text.length();
    int at = chars.lastIndexOf(by);
    while (at >= 0 && parts.size() != most) {
      parts.add(text.slice(at + by.length(), end));
      end = at;
      at = end < by.length() ? -1 : chars.lastIndexOf(by, end - by.length());
    }
    parts.add(text.slice(0, end));
    Collections.reverse(parts);
    return parts;
  }

  /// Parts between runs of whitespace, none of them empty.
  private static List<Text> words(Text text, int most, boolean fromRight) {
    List<int[]> spans = wordSpans(text.toString());
    List<Text> words = new ArrayList<>();
    int cuts = most < 0 ? spans.size() : Math.min(most, spans.size());
    int kept = spans.size() - cuts;
    if (fromRight && kept > 0) {
      words.add(text.slice(spans.getFirst()[0], spans.get(kept - 1)[1]));
    }
    for (int i = fromRight ? kept : 0; i < (fromRight ? spans.size() : cuts); i++) {
      words.add(text.slice(spans.get(i)[0], spans.get(i)[1]));
    }
    if (!fromRight && kept > 0) {
      words.add(text.slice(spans.get(cuts)[0], text.length()));
    }
    return words;
  }

  private static List<int[]> wordSpans(String chars) {
    List<int[]> spans = new ArrayList<>();
    int at = 0;
    while (at < chars.length()) {
      int start = at;
      while (at < chars.length() && !Ascii.isSpace(chars.charAt(at))) {
        at++;
      }
      if (at > start) {
        spans.add(new int[] {start, at});
      }
      at++;
    }
    return spans;
  }

  private static Value strings(List<Text> parts) {
    return ListValue.list(parts.stream().map(Str::new).toList());
  }
}
