package dev.parley.worker.template;

import static java.util.Map.entry;

import dev.parley.worker.template.Invocation.Builtin;
import dev.parley.worker.template.Value.Bool;
import dev.parley.worker.template.Value.Int;
import dev.parley.worker.template.Value.ListValue;
import dev.parley.worker.template.Value.Real;
import dev.parley.worker.template.Value.Str;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/// Python's string methods, and the filters that strings have. Case and whitespace are ASCII, as
/// in the reference renderer; positions and lengths count code points.
final class StringMethods {
  private static final int DEFAULT_INDENT = 4;
  // a string for each character is much larger than the string
  private static final int STEPS_PER_CHARACTER = 8;

  static final Map<String, Builtin> ALL =
      Map.ofEntries(
          entry("upper", in -> in.string(in.text().map(c -> "" + Ascii.upper((char) c)))),
          entry("lower", in -> in.string(in.text().map(c -> "" + Ascii.lower((char) c)))),
          entry("capitalize", in -> in.string(capitalized(in.text(), false))),
          entry("title", in -> in.string(capitalized(in.text(), true))),
          entry("strip", in -> strip(in, true, true)),
          entry("lstrip", in -> strip(in, true, false)),
          entry("rstrip", in -> strip(in, false, true)),
          entry("length", StringMethods::length),
          entry("startswith", in -> affix(in, String::startsWith)),
          entry("endswith", in -> affix(in, String::endsWith)),
          entry("removeprefix", StringMethods::removePrefix),
          entry("removesuffix", StringMethods::removeSuffix),
          entry("find", StringMethods::find),
          entry("count", StringMethods::count),
          entry("isdigit", in -> matches(in, c -> Ascii.isDigit(c))),
          entry("isspace", in -> matches(in, c -> Ascii.isSpace(c))),
          entry("isupper", in -> Bool.of(Tests.isUpper(in.text()))),
          entry("islower", in -> Bool.of(Tests.isLower(in.text()))),
          entry("split", in -> Splitter.split(in, false)),
          entry("rsplit", in -> Splitter.split(in, true)),
          entry("splitlines", Splitter::lines),
          entry("replace", StringMethods::replace),
          entry("format", Formatter::format),
          entry("join", StringMethods::join),
          entry("indent", StringMethods::indent),
          entry("int", StringMethods::integer),
          entry("float", StringMethods::real),
          entry("list", in -> ListValue.list(characters(in))),
          entry("first", in -> characters(in).stream().findFirst().orElse(missing())),
          entry("last", StringMethods::last),
          entry("reverse", in -> in.string(in.text().reversed())),
          entry("wordcount", StringMethods::words));

  private StringMethods() {}

  private static Value missing() {
    return new Value.Undefined("the first of an empty string");
  }

  private static Value last(Invocation in) {
    List<Value> all = characters(in);
    return all.isEmpty() ? missing() : all.getLast();
  }

  private static List<Value> characters(Invocation in) {
    Text text = in.text();
    in.execution().spend((long) text.length() * STEPS_PER_CHARACTER);
    List<Value> characters = new ArrayList<>();
    String chars = text.toString();
    int start = 0;
    while (start < chars.length()) {
      int end = chars.offsetByCodePoints(start, 1);
      characters.add(new Str(text.slice(start, end)));
      start = end;
    }
    return characters;
  }

  private static Value length(Invocation in) {
    Text text = in.text();
    return new Int(text.toString().codePointCount(0, text.length()));
  }

  private static Text capitalized(Text text, boolean everyWord) {
    boolean[] atStart = {true};
    return text.map(unit -> {
      char c = (char) unit;
      boolean start = atStart[0];
      atStart[0] = everyWord && Ascii.isSpace(c);
      return "" + (start ? Ascii.upper(c) : Ascii.lower(c));
    });
  }

  private static Value strip(Invocation in, boolean left, boolean right) {
    Optional<String> chars = in.givenText(0, "chars").map(Text::toString);
    Text text = in.text();
    String all = text.toString();
    Predicate<Character> strips =
        c -> chars.map(set -> set.indexOf(c) >= 0).orElse(Ascii.isSpace(c));
    int start = 0;
    int end = all.length();
    while (left && start < end && strips.test(all.charAt(start))) {
      start++;
    }
    while (right && end > start && strips.test(all.charAt(end - 1))) {
      end--;
    }
    return in.string(text.slice(start, end));
  }

  /// How a string begins or ends.
  private interface Affix {
    boolean test(String text, String affix);
  }

  private static Value affix(Invocation in, Affix test) {
    String text = in.text().toString();
    if (in.required(0, "prefix") instanceof ListValue choices) {
      return Bool.of(
          choices.items().stream()
              .anyMatch(each -> each instanceof Str && test.test(text, each.toString())));
    }
    return Bool.of(test.test(text, in.requiredText(0, "prefix").toString()));
  }

  private static Value removePrefix(Invocation in) {
    Text text = in.text();
    Text prefix = in.requiredText(0, "prefix");
    boolean has = text.toString().startsWith(prefix.toString());
    return in.string(text.slice(has ? prefix.length() : 0, text.length()));
  }

  private static Value removeSuffix(Invocation in) {
    Text text = in.text();
    Text suffix = in.requiredText(0, "suffix");
    boolean has = text.toString().endsWith(suffix.toString());
    return in.string(text.slice(0, text.length() - (has ? suffix.length() : 0)));
  }

  private static Value find(Invocation in) {
    String text = in.text().toString();
    Text part = in.requiredText(0, "sub");
    in.execution().spendSearch(text.length(), part.length());
    int at = text.indexOf(part.toString());
    return new Int(at < 0 ? -1 : text.codePointCount(0, at));
  }

  private static Value count(Invocation in) {
    String text = in.text().toString();
    String part = in.requiredText(0, "sub").toString();
    if (part.isEmpty()) {
      return new Int(text.codePointCount(0, text.length()) + 1L);
    }
    in.execution().spendSearch(text.length(), part.length());
    long found = 0;
    for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length())) {
      found++;
    }
    return new Int(found);
  }

  private static Value matches(Invocation in, Predicate<Character> test) {
    String text = in.text().toString();
    return Bool.of(!text.isEmpty() && text.chars().allMatch(c -> test.test((char) c)));
  }

  private static Value words(Invocation in) {
    String text = in.text().toString().strip();
    return new Int(text.isEmpty() ? 0 : text.split("\\s+").length);
  }

  private static Value replace(Invocation in) {
    Text text = in.text();
    String old = in.requiredText(0, "old").toString();
    Text fresh = in.requiredText(1, "new");
    in.execution().spendSearch(text.length(), old.length());
    long left = in.integer(2, "count", -1);
    TextBuilder replaced = new TextBuilder();
    int start = 0;
    int at = text.toString().indexOf(old);
    while (at >= 0 && left != 0) {
      text.copyTo(replaced, start, at);
      replaced.append(fresh);
      in.execution().checkChars(replaced.length());
      left--;
      start = at + old.length();
      at = next(text.toString(), old, at);
    }
    text.copyTo(replaced, start, text.length());
    return in.string(replaced.build());
  }

  private static int next(String text, String part, int at) {
    int from = at + Math.max(1, part.length());
    return from > text.length() ? -1 : text.indexOf(part, from);
  }

  /// As a filter it joins the string's characters, as a method it is the separator.
  private static Value join(Invocation in) {
    if (in.filter()) {
      Value characters = ListValue.list(characters(in));
      return ListMethods.join(
          new Invocation(in.name(), characters, in.arguments(), in.execution(), true));
    }
    return ListMethods.join(
        new Invocation(
            in.name(), in.required(0, "iterable"), Arguments.of(in.self()), in.execution(), false));
  }

  private static Value indent(Invocation in) {
    Text text = in.text();
    Text by = indentation(in);
    boolean first = in.arguments().flag(1, "first");
    boolean blank = in.arguments().flag(2, "blank");
    TextBuilder indented = new TextBuilder();
    List<Text> lines = Splitter.split(text, "\n", -1);
    for (int i = 0; i < lines.size(); i++) {
      Text line = lines.get(i);
      indented.append(i == 0 ? "" : "\n");
      if (i == 0 ? first : blank || !line.isEmpty()) {
        indented.append(by);
      }
      indented.append(line);
      in.execution().checkChars(indented.length());
    }
    return in.string(indented.build());
  }

  private static Text indentation(Invocation in) {
    if (in.arguments().given(0, "width").orElse(Value.None.NONE) instanceof Str(Text text)) {
      return text;
    }
    long width = in.integer(0, "width", DEFAULT_INDENT);
    in.execution().checkRange(width);
    return Text.template(" ".repeat((int) Math.max(0, width)));
  }

  private static Value integer(Invocation in) {
    int radix = Math.clamp(in.integer(1, "base", 10), Character.MIN_RADIX, Character.MAX_RADIX);
    try {
      return new Int(Long.parseLong(in.text().toString().strip(), radix));
    } catch (NumberFormatException notAnInteger) {
      return in.arguments().at(0, "default").orElse(new Int(0));
    }
  }

  private static Value real(Invocation in) {
    try {
      return new Real(Double.parseDouble(in.text().toString().strip()));
    } catch (NumberFormatException notANumber) {
      return in.arguments().at(0, "default").orElse(new Real(0));
    }
  }
}
