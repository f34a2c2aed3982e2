package dev.parley.worker.template;

import static dev.parley.worker.template.Rendering.render;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The statements and expressions of the template language.
class LanguageTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      quoteCharacter = '`',
      value = {
        "{{ 1 + 2 * 3 }} ! 7",
        "{{ (1 + 2) * 3 - 1 }} ! 8",
        "{{ 7 // 2 }},{{ -7 // 2 }},{{ 7 % 3 }},{{ -7 % 3 }},{{ 2 ** 5 }} ! 3,-4,1,2,32",
        "{{ 7 / 2 }},{{ 1.0 + 1 }},{{ 0.1 }} ! 3.5,2.0,0.1",
        "{{ -3 | abs }} ! 3",
        "{{ 'a' ~ 1 ~ none ~ missing ~ true }} ! a1True",
        "{{ 'a' + 'b' * 3 }} ! abbb",
        "{{ 'x' ~ 1 + 2 }} ! x3",
        "{{ 1 if false else 2 if false else 3 }} ! 3",
        "{{ 'kept' if true }}{{ 'lost' if false }} ! kept",
        "{{ not true or true and false }} ! False",
        "{{ 'b' in 'abc' }},{{ 2 in [1, 2] }},{{ 'k' not in {'k': 1} }} ! True,True,False",
        "{{ 1 == 1.0 }},{{ true == 1 }},{{ '1' == 1 }},{{ none == missing }} !"
            + " True,True,False,False",
        "{{ [1, [2]] == [1, [2]] }},{{ {'a': 1} == {'a': 1} }} ! True,True",
        "{{ 'a' < 'b' }},{{ 2 <= 1 }} ! True,False",
        "{{ {1: 'one', 'two': 2}[1] }} ! one",
        "{{ {'a': {'b': [1, {'c': 'deep'}]}}.a.b[1]['c'] }} ! deep",
        "{{ [1, 2, 3][-1] }},{{ [1][7] is defined }},{{ 'abc'[1] }} ! 3,False,b",
        "{{ 'abcdef'[1:4] }},{{ 'abcdef'[::-1] }},{{ 'abcdef'[-2:] }},{{ 'abcdef'[4:1:-2] }} !"
            + " bcd,fedcba,ef,ec",
        "{{ [1, 2, 3, 4][::2] }},{{ [1, 2, 3][:-1] }},{{ [1, 2, 3][5:] }} ! [1, 3],[1, 2],[]",
        "{{ (1,) }},{{ () }},{{ (1, 'a') }} ! (1,),(),(1, 'a')",
        "{{ 'one' ' two' }} ! one two",
      })
  void expressions_evaluate_as_in_python(String source, String expected) {
    assertThat(render(source)).isEqualTo(expected);
  }

  @Test
  void what_is_missing_can_be_asked_for_more() {
    assertThat(render("{{ missing.more['of'][0].it is defined }}{{ missing }}")).isEqualTo("False");
  }

  @Test
  void a_loop_knows_where_it_is() {
    assertThat(
            render(
                "{% for x in 'a,b,c'.split(',') %}{{ loop.index }}{{ loop.index0 }}{{ loop.revindex"
                    + " }}{{ loop.revindex0 }}{{ loop.first }}{{ loop.last }}{{ loop.length }}{{"
                    + " loop.previtem }}{{ x }}{{ loop.nextitem }};{% endfor %}"))
        .isEqualTo("1032TrueFalse3ab;2121FalseFalse3abc;3210FalseTrue3bc;");
  }

  @Test
  void a_loop_filters_and_has_an_else() {
    assertThat(render("{% for x in range(6) if x is odd %}{{ x }}{% endfor %}")).isEqualTo("135");
    assertThat(render("{% for x in [] %}{{ x }}{% else %}none{% endfor %}")).isEqualTo("none");
    assertThat(render("{% for x in missing %}{{ x }}{% else %}none{% endfor %}")).isEqualTo("none");
    assertThat(render("{% for x in [1] if x > 1 %}{{ x }}{% else %}none{% endfor %}"))
        .isEqualTo("none");
    assertThat(render("{% for x in [1] if true else [2] %}{{ x }}{% endfor %}")).isEqualTo("1");
  }

  @Test
  void a_loop_takes_pairs_apart() {
    assertThat(render("{% for k, v in {'a': 1, 'b': 2}.items() %}{{ k }}{{ v }}{% endfor %}"))
        .isEqualTo("a1b2");
    assertThat(render("{% for k, v in {'b': 1, 'a': 2} | dictsort %}{{ k }}{{ v }}{% endfor %}"))
        .isEqualTo("a2b1");
    assertThat(render("{% for k in {'a': 1} %}{{ k }}{% endfor %}")).isEqualTo("a");
  }

  @Test
  void break_and_continue_end_a_loop_or_a_round() {
    assertThat(
            render(
                "{% for x in range(9) %}{% if x == 1 %}{% continue %}{% endif %}"
                    + "{% if x == 4 %}!{% break %}{% endif %}{{ x }}{% endfor %}"))
        .isEqualTo("023!");
  }

  @Test
  void what_a_loop_sets_stays_inside_unless_in_a_namespace() {
    assertThat(
            render(
                "{% set x = 0 %}{% set ns = namespace(x=0) %}{% for i in [1, 2] %}"
                    + "{% set x = i %}{% set ns.x = ns.x + i %}{% endfor %}{{ x }}{{ ns.x }}"))
        .isEqualTo("03");
  }

  @Test
  void set_takes_several_names_and_whole_blocks() {
    assertThat(render("{% set a, b = 1, 'two' %}{{ b }}{{ a }}")).isEqualTo("two1");
    assertThat(render("{% set a %}x{{ 1 }}{% endset %}[{{ a }}{{ a | length }}]"))
        .isEqualTo("[x12]");
  }

  @Test
  void elif_chains_take_the_first_that_holds() {
    String source =
        "{% if x == 1 %}one{% elif x == 2 %}two{% elif x == 2 %}no{% else %}more{% endif %}";
    assertThat(render("{% set x = 2 %}" + source)).isEqualTo("two");
    assertThat(render("{% set x = 3 %}" + source)).isEqualTo("more");
  }

  @Test
  void macros_have_defaults_and_names_for_arguments() {
    String macro = "{% macro m(a, b='B', c=none) %}{{ a }}{{ b }}{{ c is none }}{% endmacro %}";
    assertThat(render(macro + "{{ m('x') }} {{ m('x', c=1, b='y') }} {{ m(a=1) | lower }}"))
        .isEqualTo("xBTrue xyFalse 1btrue");
  }

  @Test
  void a_macro_calls_itself() {
    assertThat(
            render(
                "{% macro down(n) %}{{ n }}{% if n > 0 %}{{ down(n - 1) }}{% endif %}{% endmacro %}"
                    + "{{ down(5) }}"))
        .isEqualTo("543210");
  }

  @Test
  void a_call_block_hands_its_body_to_the_macro() {
    assertThat(
            render(
                "{% macro twice() %}[{{ caller('a') }}{{ caller('b') }}]{% endmacro %}"
                    + "{% call(x) twice() %}<{{ x }}>{% endcall %}"))
        .isEqualTo("[<a><b>]");
  }

  @Test
  void a_filter_block_filters_its_body() {
    assertThat(render("{% filter replace('a', 'b') %}xa{% endfilter %}")).isEqualTo("xb");
    assertThat(render("{% filter upper %}a{{ 'b' }}{% endfilter %}")).isEqualTo("AB");
  }

  @Test
  void generation_tags_mean_nothing() {
    assertThat(render("a{% generation %}b{% endgeneration %}c")).isEqualTo("abc");
  }

  @Test
  void methods_hide_entries_behind_a_dot_but_not_in_brackets() {
    assertThat(
            render("{% set d = {'items': 1, 'get': 2} %}{{ d['items'] }}{{ d.items() | length }}"))
        .isEqualTo("12");
    assertThat(render("{% set ns = namespace(items=1) %}{{ ns.items }}")).isEqualTo("1");
  }

  @Test
  void lists_change_in_place() {
    assertThat(
            render(
                "{% set l = [1] %}{% set m = l %}{% set _ = l.append(2) %}{{ l.append(3) }}"
                    + "{{ l.pop(0) }}{{ m }}"))
        .isEqualTo("1[2, 3]");
  }

  @Test
  void the_clock_is_the_one_that_was_given() {
    assertThat(render("{{ strftime_now('%d %b %Y, %B %A %H:%M:%S %j 100%%') }}"))
        .isEqualTo("05 Mar 2026, March Thursday 14:07:09 064 100%");
  }
}
