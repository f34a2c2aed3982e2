package dev.parley.worker.template;

import static dev.parley.worker.template.Rendering.render;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Methods, filters and tests.
class BuiltinsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      quoteCharacter = '`',
      value = {
        "{{ ' x '.strip() }}.{{ 'xxaxx'.strip('x') }}.{{ '-=a'.lstrip('=-') }}.{{ 'a\\n'.rstrip()"
            + " }} ! x.a.a.a",
        "{{ 'Ab'.upper() }}{{ 'Ab' | lower }}{{ 'ab cD' | title }}{{ 'aB' | capitalize }} ! ABabAb"
            + " CdAb",
        "{{ 'a,b,c'.split(',') }}{{ 'a,b,c'.split(',', 1) }}{{ 'a,b,c'.rsplit(',', 1) }} ! ['a',"
            + " 'b', 'c']['a', 'b,c']['a,b', 'c']",
        "{{ ' a  b '.split() }}{{ ' a  b c'.split(none, 1) }}{{ 'a b  c '.rsplit(none, 1) }} !"
            + " ['a', 'b']['a', 'b c']['a b', 'c']",
        "{{ 'a\\nb\\r\\nc\\n'.splitlines() }} ! ['a', 'b', 'c']",
        "{{ 'aaa'.replace('a', 'b') }}{{ 'aaa'.replace('a', 'b', 2) }}{{ 'ab' | replace('', '-') }}"
            + " ! bbbbba-a-b-",
        "{{ 'abc'.startswith('ab') }}{{ 'abc'.endswith(('x', 'c')) }} ! TrueTrue",
        "{{ 'abc'.removeprefix('a') }}{{ 'abc'.removesuffix('c') }} ! bcab",
        "{{ 'abcabc'.find('ca') }}{{ 'abcabc'.count('b') }}{{ '12'.isdigit() }} ! 22True",
        "{{ '{}-{}'.format(1, 'b') }},{{ '{1}{0}{{}}{x}'.format('a', 'b', x='c') }} ! 1-b,ba{}c",
        "{{ ', '.join(['a', 1]) }},{{ ['a', 1] | join('+') }},{{ 'abc' | join('-') }} ! a,"
            + " 1,a+1,a-b-c",
        "{{ 'a\\nb\\n\\nc' | indent(2) | tojson }} ! \"a\\n  b\\n\\n  c\"",
        "{{ 'a\\nb' | indent(first=true, width=1) | tojson }} ! \" a\\n b\"",
        "{{ '12' | int + 1 }}{{ 'x' | int(7) }}{{ '1.5' | float }}{{ 2.7 | int }} ! 1371.52",
        "{{ [3, 1, 2] | sort }}{{ [3, 1] | sort(reverse=true) }}{{ [1, 1, 2] | unique }} ! [1, 2,"
            + " 3][3, 1][1, 2]",
        "{{ [1, 2] | first }}{{ [1, 2] | last }}{{ [1, 2] | sum }}{{ [4, 2] | min }}{{ [4, 2] | max"
            + " }} ! 12324",
        "{{ [{'a': 1}, {'b': 2}] | selectattr('a') | list | length }} ! 1",
        "{{ [{'r': 'x'}, {'r': 'y'}] | rejectattr('r', 'equalto', 'x') | map(attribute='r') | join"
            + " }} ! y",
        "{{ [1, 2, 3] | select('odd') | list }}{{ [0, 1] | reject | list }}{{ ['a'] | map('upper')"
            + " }} ! [1, 3][0]['A']",
        "{{ {'a': 1}.get('a') }}{{ {'a': 1}.get('b', 2) }}{{ {'a': 1}.get('b') }}. ! 12.",
        "{{ {'a': 1}.keys() }}{{ {'a': 1}.values() }}{{ {'a': 1} | items }} ! ['a'][1][('a', 1)]",
        "{{ missing | default('d') }}{{ none | default('d') }}{{ '' | default('d') }}{{ '' | d('e',"
            + " true) }} ! dde",
        "{{ missing | length }}{{ missing | list }}{{ missing | trim }}{{ none | trim }} ! 0[]None",
        "{{ 1 | string }}{{ true | string }}{{ none | string }}{{ [1, 'a'] | string }} !"
            + " 1TrueNone[1, 'a']",
        "{{ 'it''s' }}{{ [\"it's\"] }}{{ ['\"'] }} ! its[\"it's\"]['\"']",
        "{{ '<a>' | e }}{{ 'x' | safe }} ! &lt;a&gt;x",
        "{{ 1 is number }}{{ 1 is string }}{{ 'a' is iterable }}{{ {} is mapping }}{{ {} is"
            + " sequence }} ! TrueFalseTrueTrueFalse",
        "{{ 4 is divisibleby 2 }}{{ 3 is eq(3) }}{{ 1 is in [1] }}{{ none is not none }} !"
            + " TrueTrueTrueFalse",
        "{{ range(3) }}{{ range(1, 3) }}{{ range(3, 0, -2) }} ! [0, 1, 2][1, 2][3, 1]",
      })
  void builtins_do_as_in_python_and_jinja(String source, String expected) {
    assertThat(render(source)).isEqualTo(expected);
  }

  @Test
  void json_has_the_spaces_and_escapes_of_the_reference() {
    assertThat(render("{{ {'a': [1, 2.5, true, none], 'ü\"\\n<': {}} | tojson }}"))
        .isEqualTo("{\"a\": [1, 2.5, true, null], \"ü\\\"\\n<\": {}}");
    assertThat(render("{{ {'a': [1, {}], 'b': []} | tojson(indent=2) }}"))
        .isEqualTo("{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": []\n}");
    assertThat(render("{{ {'b': 'é🥊', 'a': 1} | tojson(ensure_ascii=true, sort_keys=true) }}"))
        .isEqualTo("{\"a\": 1, \"b\": \"\\u00e9\\ud83e\\udd4a\"}");
    assertThat(render("{{ [1, 2] | tojson(separators=(',', ':')) }}")).isEqualTo("[1,2]");
  }

  @Test
  void positions_and_lengths_count_code_points() {
    assertThat(render("{{ 'a🥊b' | length }}{{ 'a🥊b'[1] }}{{ 'a🥊b'[::-1] }}"))
        .isEqualTo("3🥊b🥊a");
  }

  @Test
  void only_ascii_counts_as_case_and_space() {
    assertThat(render("{{ 'äÖ\u00a0'.upper().strip() }}")).isEqualTo("äÖ\u00a0");
  }
}
