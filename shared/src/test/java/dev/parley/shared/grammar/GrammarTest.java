package dev.parley.shared.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GrammarTest {
  private static GrammarState after(String gbnf, String text) {
    return GrammarState.start(Grammar.parse(gbnf)).next(text.getBytes(StandardCharsets.UTF_8));
  }

  private static boolean is(String gbnf, String text) {
    return after(gbnf, text).complete();
  }

  private static boolean begins(String gbnf, String text) {
    return !after(gbnf, text).dead();
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = ";;",
      quoteCharacter = '`',
      value = {
        "root ::= \"Paris\" ;; Paris ;; Pari",
        "root ::= \"red\" | \"rose\" ;; rose ;; rede",
        "root ::= [a-c]+ ;; abcabc ;; abd",
        "root ::= [^a-c]+ ;; xyz ;; xaz",
        "root ::= [a\\-z\\]]+ ;; a-]z ;; b",
        "root ::= [+-]? [0-9] ;; -7 ;; --7",
        "root ::= . . ;; é☃ ;; é",
        "root ::= (\"a\" | \"b\" \"c\")* \"d\" ;; abcad ;; abad",
        "root ::= \"a\"{3} ;; aaa ;; aa",
        "root ::= \"ab\"{2,3} ;; ababab ;; abababab",
        "root ::= \"a\"{2,} ;; aaaa ;; a",
        "root ::= \"a\"{0,2} \"b\" ;; aab ;; aaab",
        "root ::= \"a\"{0} \"b\" ;; b ;; ab",
        "root ::= ([a-z]{1,2} \"-\"){2} ;; ab-c- ;; ab-c-d-",
        "root ::= \"\\x41\\u00e9\\U0001F600\\n\\\"\" ;; `Aé😀\n\"` ;; Aé😀",
      })
  void a_grammar_allows_its_texts_and_no_others(String gbnf, String good, String bad) {
    assertThat(is(gbnf, good)).as(good).isTrue();
    assertThat(is(gbnf, bad)).as(bad).isFalse();
  }

  @Test
  void rules_may_be_spread_over_lines_and_have_comments() {
    String gbnf =
        """
        # greets
        root ::= greeting " " ( # someone
            "you" |
            name
          ) "!"   # loudly
        greeting ::= "Hi" |
          "Ho"\r
        name ::= [A-Z] [a-z]*
        """;
    assertThat(is(gbnf, "Ho Ada!")).isTrue();
    assertThat(is(gbnf, "Hi you!")).isTrue();
    assertThat(is(gbnf, "Hi ada!")).isFalse();
  }

  @Test
  void rules_may_nest() {
    String gbnf = "root ::= \"(\" root \")\" | \"x\"";
    assertThat(is(gbnf, "(((x)))")).isTrue();
    assertThat(is(gbnf, "(((x))")).isFalse();
    assertThat(begins(gbnf, "(((x))")).isTrue();
    assertThat(begins(gbnf, "(x))")).isFalse();
  }

  @Test
  void what_may_be_empty_may_be_repeated() {
    String gbnf = "root ::= (space word?)* \"!\"\nspace ::= \" \"*\nword ::= [a-z]*";
    assertThat(is(gbnf, "a b  c!")).isTrue();
    assertThat(is(gbnf, "!")).isTrue();
  }

  @Test
  void a_character_may_come_in_pieces() {
    GrammarState start = after("root ::= [à-ü]", "");
    byte[] utf8 = "é".getBytes(StandardCharsets.UTF_8);
    GrammarState half = start.next(utf8[0]);
    assertThat(half.dead()).isFalse();
    assertThat(half.complete()).isFalse();
    assertThat(half.next(utf8[1]).complete()).isTrue();
    assertThat(half.next((byte) 'x').dead()).isTrue();
    // No character of the set begins with this byte.
    assertThat(start.next((byte) 0xC2).dead()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "C0 80",
    "C1 81",
    "E0 80 80",
    "ED A0 80",
    "F0 80 80 80",
    "F4 90 80 80",
    "80",
    "F8",
    "FF"
  })
  void what_is_no_utf8_is_never_allowed(String hex) {
    GrammarState state = after("root ::= [^x]*", "");
    for (byte b : HexFormat.ofDelimiter(" ").parseHex(hex)) {
      state = state.next(b);
    }
    assertThat(state.dead()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = ";;",
      quoteCharacter = '`',
      value = {
        "`` ;; no rule 'root'",
        "start ::= \"a\" ;; no rule 'root'",
        "root = \"a\" ;; line 1, column 6: here should be ::=",
        "root ::= \"a ;; line 1, column 12: a literal or set of characters does not end",
        "root ::= [a ;; does not end",
        "root ::= [] ;; empty",
        "root ::= [z-a] ;; ends before it begins",
        "root ::= (\"a\" ;; here should be )",
        "root ::= \"a\") ;; the end of the rule",
        "root ::= * ;; nothing to repeat",
        "root ::= \"a\"** ;; repeated already",
        "root ::= \"a\"{5,3} ;; fewer than the least",
        "root ::= \"a\"{2001} ;; more than 2000",
        "root ::= \"a\"{99999999999} ;; more than 2000",
        "root ::= \"a\"{x} ;; number of repetitions",
        "root ::= <think> ;; tokens",
        "root ::= !<[5]> ;; tokens",
        "root ::= \"\\q\" ;; after \\",
        "root ::= \"\\x4\" ;; 2 hexadecimal digits",
        "root ::= \"\\uD800\" ;; no Unicode character",
        "root ::= \"\\UFFFFFFFF\" ;; no Unicode character",
        "root ::= other ;; 'other' is used but not defined",
        "root ::= root \"a\" ;; 'root' may begin with itself",
        "root ::= \"a\"? root \"b\" ;; 'root' may begin with itself",
      })
  void a_fault_is_named_with_its_place(String gbnf, String says) {
    assertThatThrownBy(() -> Grammar.parse(gbnf))
        .isInstanceOf(GrammarException.class)
        .hasMessageContaining(says)
        .message()
        .doesNotContain("\n");
  }

  @Test
  void the_place_is_counted_in_lines_and_characters() {
    assertThatThrownBy(() -> Grammar.parse("root ::= \"😀\" x\n\nx ::= \"😀\" ?? "))
        .hasMessageContaining("line 3, column 12");
  }

  @Test
  void a_rule_is_defined_once() {
    assertThatThrownBy(() -> Grammar.parse("root ::= \"a\"\nroot ::= \"b\""))
        .hasMessageContaining("line 2, column 1: the rule 'root' is defined already");
  }

  @Test
  void left_recursion_is_found_behind_rules_that_may_be_empty() {
    String hidden =
        """
        root ::= "x" | a "z"
        a ::= b c
        b ::= d
        d ::= e*
        e ::= "e"
        c ::= a "y" | "c"
        """;
    assertThatThrownBy(() -> Grammar.parse(hidden)).hasMessageContaining("left recursion");
    assertThatThrownBy(() -> Grammar.parse("root ::= (root)* \"a\"")).hasMessageContaining("root");
  }

  @Test
  void a_rule_that_is_left_first_many_times_over_is_no_cycle() {
    StringBuilder gbnf = new StringBuilder("root ::= r0 \"!\"\n");
    for (int i = 0; i < 200; i++) {
      gbnf.append("r%d ::= r%d | r%d \"x\"\n".formatted(i, i + 1, i + 1));
    }
    gbnf.append("r200 ::= \"a\"");
    assertThat(begins(gbnf.toString(), "a")).isTrue();
  }

  @Test
  void sizes_are_bounded() {
    assertThatThrownBy(
            () -> Grammar.parse("root ::= " + "(".repeat(100) + "\"a\"" + ")".repeat(100)))
        .hasMessageContaining("nested deeper than 64");
    assertThatThrownBy(() -> Grammar.parse("root ::= " + "()".repeat(Grammar.MAX_RULES + 1)))
        .hasMessageContaining("rules and groups");
    assertThatThrownBy(
            () -> Grammar.parse("root ::= \"" + "a".repeat(Grammar.MAX_ELEMENTS + 1) + "\""))
        .hasMessageContaining("characters, sets and names");
  }

  /// Each doubles its readings with each character in a matcher that follows them all.
  @ParameterizedTest
  @CsvSource(
      delimiterString = ";;",
      value = {
        "root ::= \"a\" root \"b\" | \"a\" root \"c\" | \"x\" ;;"
            + " aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaxc",
        "root ::= (\"a\" | \"a\" \"a\" | \"a\"*)* ;; aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "root ::= ((\"a\"{0,9}){0,9}){0,9} ;; aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
      })
  void an_ambiguous_grammar_costs_a_bounded_amount(String gbnf, String text) {
    assertThat(begins(gbnf, text)).isTrue();
  }

  @Test
  void the_work_for_one_token_is_bounded() {
    StringBuilder many = new StringBuilder("root ::= \"a0\"");
    for (int i = 1; i < 500; i++) {
      many.append(" | \"a%d\"".formatted(i));
    }
    GrammarState start = after(many.toString(), "");
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 1_000_000; i++) {
                start.next((byte) 'a');
              }
            })
        .isInstanceOf(GrammarException.class)
        .hasMessageContaining("ambiguous");
    start.refresh();
    assertThat(start.next((byte) 'a').dead()).isFalse();
  }

  @Test
  void nesting_is_bounded_and_may_end_at_the_bound() {
    GrammarState state = after("root ::= \"[\" root? \"]\"", "");
    int depth = 0;
    while (!state.next((byte) '[').dead()) {
      state = state.next((byte) '[');
      depth++;
    }
    assertThat(depth).isBetween(100, 1_000);
    assertThat(state.next("]".repeat(depth).getBytes(StandardCharsets.UTF_8)).complete()).isTrue();
  }
}
