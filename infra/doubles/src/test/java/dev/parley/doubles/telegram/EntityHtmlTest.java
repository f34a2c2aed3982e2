package dev.parley.doubles.telegram;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EntityHtmlTest {

  private static Entity entity(Entity.Type type, int offset, int length) {
    return Entity.of(type, offset, length);
  }

  @Test
  void text_is_escaped_and_entities_are_elements() {
    assertThat(EntityHtml.of("<b> & \"bold\"", List.of(entity(Entity.Type.BOLD, 6, 6))))
        .isEqualTo("&lt;b&gt; &amp; <b class=\"bold\">&quot;bold&quot;</b>");
  }

  @Test
  void overlapping_entities_become_elements_that_nest() {
    assertThat(
            EntityHtml.of(
                "abcdef",
                List.of(entity(Entity.Type.BOLD, 0, 4), entity(Entity.Type.ITALIC, 2, 4))))
        .isEqualTo("<b class=\"bold\">ab<i class=\"italic\">cd</i></b><i class=\"italic\">ef</i>");
  }

  @Test
  void a_block_ends_its_line_by_itself() {
    assertThat(EntityHtml.of("a\nb\nc", List.of(entity(Entity.Type.PRE, 2, 1))))
        .isEqualTo("a\n<pre class=\"pre\">b</pre>c");
  }

  @Test
  void only_web_addresses_can_be_followed() {
    Entity script = new Entity(Entity.Type.TEXT_LINK, 0, 1, Optional.of("javascript:alert(1)"));
    assertThat(EntityHtml.of("x", List.of(script))).doesNotContain("href");
    assertThat(EntityHtml.of("example.com", List.of(entity(Entity.Type.URL, 0, 11))))
        .contains("href=\"http://example.com\"");
  }
}
