package dev.parley.worker.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.parley.worker.template.TemplateException.Kind;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Templates that want too much, or that are wrong, end in one clear exception.
class HostileTemplateTest {

  private static TemplateException failure(String source) {
    return failure(source, TemplateLimits.DEFAULT);
  }

  private static TemplateException failure(String source, TemplateLimits limits) {
    return assertThatExceptionOfType(TemplateException.class)
        .isThrownBy(() -> Rendering.text(source, Map.of(), limits))
        .actual();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% macro m() %}{% for i in [1, 2] %}{{ m() }}{% endfor %}{% endmacro %}{{ m() }}",
        "{{ range(100001) }}",
        "{{ range(0, 9000000000000000000) }}",
        "{{ 'x' * 100001 }}",
        "{% set ns = namespace(s='x') %}{% for i in range(99) %}{% set ns.s = ns.s + ns.s %}{%"
            + " endfor %}",
        "{% set s = 'x' * 100000 %}{{ s.replace('x', s) }}",
        "{% set s = 'x' * 100000 %}{% for i in range(99999) %}{{ s }}{% endfor %}",
        "{% set l = [] %}{% set _ = l.append(l) %}{{ l }}",
        "{% set l = [] %}{% set _ = l.append(l) %}{{ l | tojson }}",
        "{% set l = [] %}{% set _ = l.append(l) %}{% set k = [] %}{% set _ = k.append(k) %}{{ l =="
            + " k }}",
        "{% set ns = namespace(l=[1]) %}{% for i in range(99) %}{% set ns.l = [ns.l, ns.l] %}{%"
            + " endfor %}{{ ns.l }}",
        "{% set ns = namespace(l=[1]) %}{% for i in range(99) %}{% set ns.l = ns.l + ns.l %}{%"
            + " endfor %}",
        "{% set l = [1] %}{% for i in range(99) %}{% set _ = l.extend(l) %}{% endfor %}",
        "{% set s = 'x' * 100000 %}{{ s | indent('y' * 100000, true) * 99 }}",
        "{{ 'a' | indent(999999999) }}",
        "{% set s = 'x' * 100000 * 30 %}{{ s | list | length }}",
        "{% set s = 'x' * 100000 * 10 %}{{ (s + 'y') in (s + s) }}",
        "{% set s = 'x' * 100000 %}{% set l = [s] %}{% for i in range(99) %}{% set _ = l.append(s)"
            + " %}{% endfor %}{{ (l + l + l + l + l) | sort | length }}",
        "{% set ns = namespace(t=(1,)) %}{% for i in range(9999) %}{% set ns.t = (ns.t,) %}{%"
            + " endfor %}{{ {ns.t: 1} }}",
        "{% set ns = namespace(t=(1,)) %}{% for i in range(9999) %}{% set ns.t = (ns.t,) %}{%"
            + " endfor %}{{ ns.t }}",
        "{{ strftime_now('%Y' * 1000) }}",
      })
  void what_would_not_end_or_fit_hits_a_limit(String source) {
    TemplateException failure = failure(source);
    assertThat(failure.kind()).as(failure.getMessage()).isIn(Kind.LIMIT, Kind.EVALUATION);
    assertThat(failure.line()).isEqualTo(1);
  }

  @Test
  void deep_nesting_in_the_source_is_refused_before_it_is_evaluated() {
    assertThat(failure("{{ " + "(".repeat(5_000) + "1" + ")".repeat(5_000) + " }}").kind())
        .isEqualTo(Kind.LIMIT);
    assertThat(failure("{{ " + "not ".repeat(5_000) + "1 }}").kind()).isEqualTo(Kind.LIMIT);
    assertThat(failure("{{ " + "-".repeat(5_000) + "1 }}").kind()).isEqualTo(Kind.LIMIT);
    assertThat(failure("{{ " + "[".repeat(5_000) + " }}").kind()).isEqualTo(Kind.LIMIT);
    assertThat(failure("{% if x %}".repeat(5_000)).kind()).isEqualTo(Kind.LIMIT);
  }

  @Test
  void long_chains_that_nest_only_when_evaluated_hit_the_depth_limit() {
    assertThat(failure("{{ 1" + "+1".repeat(50_000) + " }}").kind()).isEqualTo(Kind.LIMIT);
    assertThat(failure("{{ x" + ".y".repeat(50_000) + " }}").kind()).isEqualTo(Kind.LIMIT);
    assertThat(failure("{{ x" + "|trim".repeat(50_000) + " }}").kind()).isEqualTo(Kind.LIMIT);
  }

  @Test
  void a_source_that_is_too_long_is_refused() {
    assertThat(failure("x".repeat(1_000_001)).kind()).isEqualTo(Kind.LIMIT);
  }

  @Test
  void a_smaller_limit_holds_too() {
    TemplateLimits tight = new TemplateLimits(1_000, 10, 100, 20, 50, 10);
    assertThat(failure("{% for i in range(11) %}{% endfor %}", tight))
        .hasMessageContaining("a range has more than 10 elements");
    assertThat(failure("{{ 'x' * 10 * 6 }}", tight)).hasMessageContaining("longer than 50 chars");
    assertThat(
            failure(
                "{% for i in range(9) %}{% for j in range(9) %}{{ j }}{% endfor %}{% endfor %}",
                tight))
        .hasMessageContaining("more than 100 steps");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      value = {
        "{{ 1 ! a tag is not closed: }} is missing",
        "{% if x ! a tag is not closed: %} is missing",
        "{# x ! a comment is not closed: #} is missing",
        "{{ 'x }} ! a string is not closed: ' is missing",
        "{{ 1 $ 2 }} ! unexpected character '$'",
        "{% if x %} ! expected {% endif %}, got 'end of the template'",
        "{% endif %} ! unknown or misplaced tag 'endif'",
        "{% import 'x' %} ! unknown or misplaced tag 'import'",
        "{{ }} ! unexpected '}}'",
        "{{ 1 2 }} ! expected }}, got '2'",
        "{% set 1 = 2 %} ! only names can be assigned here",
        "{{ 99999999999999999999 }} ! number too large: 99999999999999999999",
      })
  void a_wrong_source_says_what_is_wrong(String source, String message) {
    TemplateException failure = failure(source);
    assertThat(failure.kind()).isEqualTo(Kind.SYNTAX);
    assertThat(failure.detail()).isEqualTo(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      value = {
        "{{ missing() }} ! only functions can be called, not undefined 'missing'",
        "{{ 'a' | nothing }} ! no filter 'nothing' for a string",
        "{{ 1 is strange }} ! no test 'strange'",
        "{{ 1 / 0 }} ! division by zero",
        "{{ 9223372036854775807 + 1 }} ! an integer is too large",
        "{{ 1 + [] }} ! cannot compute with an integer and a list",
        "{{ missing + 1 }} ! cannot compute with undefined 'missing' and an integer",
        "{{ 'a' < 1 }} ! a string and an integer have no order",
        "{% for x in 5 %}{% endfor %} ! cannot loop over an integer",
        "{% set a, b = [1] %} ! cannot take 1 values apart into 2 names",
        "{{ [1][::0] }} ! a slice needs a step other than 0",
        "{{ range(1, 2, 0) }} ! range needs a step other than 0",
        "{{ 'a'.split('') }} ! split needs a separator that is not empty",
        "{{ {[]: 1} }} ! a list cannot be a key",
        "{{ '{'.format() }} ! format has an open '{'",
        "{% break %} ! break and continue need a loop around them",
        "{{ [].pop() }} ! pop: no element -1 in a list of 0",
        "{{ ['a', 1] | sort }} ! an integer and a string have no order",
      })
  void an_impossible_evaluation_says_what_it_cannot_do(String source, String message) {
    TemplateException failure = failure(source);
    assertThat(failure.kind()).isEqualTo(Kind.EVALUATION);
    assertThat(failure.detail()).isEqualTo(message);
  }

  @Test
  void an_exception_names_the_line() {
    assertThat(failure("a\nb\n{{ 1 }}\n{{ 1 / 0 }}")).hasMessageContaining("line 4");
    assertThat(failure("{#\n\n#}\n{% wrong %}").line()).isEqualTo(4);
    assertThat(failure("{% macro m() %}\n{{ 1 / 0 }}{% endmacro %}\n\n{{ m() }}").line())
        .isEqualTo(2);
  }

  @Test
  void a_template_refuses_in_its_own_words() {
    TemplateException failure = failure("\n{{ raise_exception('No ' + 'tools.') }}");
    assertThat(failure.kind()).isEqualTo(Kind.RAISED);
    assertThat(failure.detail()).isEqualTo("No tools.");
    assertThat(failure.line()).isEqualTo(2);
  }
}
