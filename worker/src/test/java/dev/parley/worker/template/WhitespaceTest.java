package dev.parley.worker.template;

import static dev.parley.worker.template.Rendering.render;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Whitespace control as chat templates have it: `trim_blocks` and `lstrip_blocks` on.
class WhitespaceTest {

  @Test
  void a_block_takes_the_newline_after_it_and_the_indent_before_it() {
    assertThat(render("a\n  {% if true %}\n  b\n  {% endif %}\nc")).isEqualTo("a\n  b\nc");
  }

  @Test
  void only_one_newline_goes() {
    assertThat(render("{% if true %}\n\nb{% endif %}")).isEqualTo("\nb");
  }

  @Test
  void an_indent_after_text_on_the_same_line_stays() {
    assertThat(render("a  {% if true %}b{% endif %}")).isEqualTo("a  b");
    assertThat(render("{{ 1 }}  {% if true %}b{% endif %}")).isEqualTo("1  b");
  }

  @Test
  void a_print_keeps_what_is_around_it() {
    assertThat(render("a\n  {{ 1 }}\nb")).isEqualTo("a\n  1\nb");
  }

  @Test
  void a_minus_takes_all_whitespace_on_its_side() {
    assertThat(render("a \n {%- if true -%} \n b \n {%- endif %} c")).isEqualTo("ab c");
    assertThat(render("a \n {{- 1 -}} \n b")).isEqualTo("a1b");
    assertThat(render("a {#- no -#} b")).isEqualTo("ab");
  }

  @Test
  void a_plus_keeps_it() {
    assertThat(render("a\n  {%+ if true +%}\nb{% endif %}")).isEqualTo("a\n  \nb");
  }

  @Test
  void a_comment_behaves_as_a_block() {
    assertThat(render("a\n  {# no {{ x }} {% y %} #}\nb")).isEqualTo("a\nb");
  }

  @Test
  void an_indent_at_the_start_of_the_source_goes() {
    assertThat(render("  {% if true %}a{% endif %}")).isEqualTo("a");
    assertThat(render("x{% if true %}a{% endif %}")).isEqualTo("xa");
  }

  @Test
  void one_newline_at_the_end_of_the_source_goes() {
    assertThat(render("a\n\n")).isEqualTo("a\n");
  }

  @Test
  void windows_newlines_count_as_newlines() {
    assertThat(render("{% if true %}\r\na\r\n{% endif %}\r\n")).isEqualTo("a\n");
  }

  @Test
  void braces_of_a_mapping_do_not_close_a_print() {
    assertThat(render("{{ {'a': {'b': 1}} | tojson }}")).isEqualTo("{\"a\": {\"b\": 1}}");
  }
}
