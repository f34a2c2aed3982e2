package dev.parley.shared.grammar;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Rules of JSON in GBNF: those that every schema shares, each written down when something uses it first, and those of
/// one schema.
final class JsonRules {
  /// As many as the model wants.
  static final int NO_MAX = Integer.MAX_VALUE;

  /// After `:` and `,`.
  static final String SPACE = " \" \"?";

  /// After a value, before another.
  static final String COMMA = "\",\"" + SPACE;

  /// After a name, before its value.
  static final String COLON = "\":\"" + SPACE;

  private static final String DAY_OF_YEAR =
      "(\"0\" [13578] | \"1\" [02]) \"-\" (\"0\" [1-9] | [12] [0-9] | \"3\" [01])"
          + " | (\"0\" [469] | \"11\") \"-\" (\"0\" [1-9] | [12] [0-9] | \"30\")"
          + " | \"02-\" (\"0\" [1-9] | \"1\" [0-9] | \"2\" [0-8])";

  /// Body and what it uses, by name.
  private record Shared(String body, List<String> uses) {}

  private static final Map<String, Shared> SHARED =
      Map.ofEntries(
          shared(
              "value",
              "object | array | string | number | boolean | null",
              "object",
              "array",
              "string",
              "number",
              "boolean",
              "null"),
          shared("object", "\"{\" (member (" + COMMA + " member)*)? \"}\"", "member"),
          shared("member", "string " + COLON + " value", "string", "value"),
          shared("array", "\"[\" (value (" + COMMA + " value)*)? \"]\"", "value"),
          shared("string", "\"\\\"\" char* \"\\\"\"", "char"),
          // What JSON lets stand for itself, without DEL; an escaped surrogate would be half a
          // character.
          shared(
              "char",
              "[\\x20-\\x21\\x23-\\x5B\\x5D-\\x7E\\x80-\\U0010FFFF] | \"\\\\\" ([\"\\\\/bfnrt] |"
                  + " \"u\" ([0-9a-cA-CeEfF] hex | [dD] [0-7]) hex hex)",
              "hex"),
          shared("hex", "[0-9a-fA-F]"),
          shared("integer", "\"-\"? (\"0\" | [1-9] [0-9]{0,14})"),
          shared("number", "integer (\".\" [0-9]{1,15})? ([eE] [-+]? [0-9]{1,2})?", "integer"),
          shared("boolean", "\"true\" | \"false\""),
          shared("null", "\"null\""),
          // RFC 3339; of the leap days those of years that 4 divides and 100 does not.
          shared(
              "date",
              "[0-9]{4} \"-\" ("
                  + DAY_OF_YEAR
                  + ")"
                  + " | [0-9]{2} (\"0\" [48] | [2468] [048] | [13579] [26]) \"-02-29\""),
          shared(
              "time",
              "([01] [0-9] | \"2\" [0-3]) \":\" [0-5] [0-9] \":\" [0-5] [0-9] (\".\" [0-9]{1,6})?"
                  + " (\"Z\" | [-+] (\"0\" [0-9] | \"1\" [0-3]) \":\" [0-5] [0-9])"),
          // RFC 9562.
          shared("uuid", "[0-9a-f]{8} (\"-\" [0-9a-f]{4}){3} \"-\" [0-9a-f]{12}"));

  /// Strings of these formats, by what stands between the quotes.
  private static final Map<String, String> FORMATS =
      Map.of("date", "date", "time", "time", "date-time", "date \"T\" time", "uuid", "uuid");

  private final Map<String, String> rules = new LinkedHashMap<>();
  private int made;

  private static Map.Entry<String, Shared> shared(String name, String body, String... uses) {
    return Map.entry(name, new Shared(body, List.of(uses)));
  }

  /// The shared rule of that name.
  String shared(String name) {
    Shared shared = SHARED.get(name);
    if (shared == null) {
      throw new IllegalArgumentException("there is no shared rule " + name);
    }
    if (rules.putIfAbsent(name, shared.body()) == null) {
      shared.uses().forEach(this::shared);
    }
    return name;
  }

  /// A name that no rule has yet.
  String newName(String kind) {
    made++;
    return kind + "-" + made;
  }

  void define(String name, String body) {
    rules.put(name, body);
  }

  static List<String> formats() {
    return FORMATS.keySet().stream().sorted().toList();
  }

  /// A string of a format, if it is a known one.
  Optional<String> format(String name) {
    return Optional.ofNullable(FORMATS.get(name))
        .map(inside -> {
          FORMATS.keySet().stream()
              .filter(rule -> SHARED.containsKey(rule) && inside.contains(rule))
              .forEach(this::shared);
          return "\"\\\"\" " + inside + " \"\\\"\"";
        });
  }

  /// This value and no other.
  static String literal(JsonNode value) {
    String text = value.toString();
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw new GrammarException("a name or value in it has half a character (a lone surrogate)");
    }
    return quoted(text);
  }

  /// This text and no other.
  static String quoted(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  /// `{m,n}`, of which only the first is needed without a maximum.
  static String times(int min, int max) {
    return max == NO_MAX ? "{" + min + ",}" : "{" + min + "," + max + "}";
  }

  String gbnf() {
    return rules.entrySet().stream()
        .map(rule -> rule.getKey() + " ::= " + rule.getValue() + "\n")
        .collect(Collectors.joining());
  }
}
