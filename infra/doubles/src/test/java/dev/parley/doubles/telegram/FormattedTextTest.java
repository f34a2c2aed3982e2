package dev.parley.doubles.telegram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FormattedTextTest {

  private static FormattedText read(String text, Object... entities) {
    JsonNode given = ApiJson.MAPPER.valueToTree(List.of(entities));
    Args args = new Args(Map.of("entities", given), Map.of());
    return FormattedText.of(text, InputEntities.read(args, "entities", text));
  }

  private static String refusal(String text, Object... entities) {
    return catchThrowableOfType(ApiException.class, () -> read(text, entities))
        .answer()
        .description();
  }

  private static Object entity(String type, int offset, int length) {
    return Platform.entity(type, offset, length);
  }

  @Test
  void entities_lie_within_the_text() {
    assertThat(refusal("hello", entity("bold", 5, 1)))
        .isEqualTo("Bad Request: entity begins after the end of the text at UTF-16 offset 5");
    assertThat(refusal("hello", entity("bold", 3, 3)))
        .isEqualTo(
            "Bad Request: entity beginning at UTF-16 offset 3 ends after the end of the text at"
                + " UTF-16 offset 6");
    assertThat(refusal("hello", entity("bold", -1, 3)))
        .isEqualTo("Bad Request: receive an entity with incorrect offset -1");
    assertThat(refusal("hello", entity("bold", 1, 0)))
        .isEqualTo("Bad Request: ENTITY_BOUNDS_INVALID");
  }

  @Test
  void entities_count_in_utf16_and_cut_no_pair() {
    assertThat(read("\ud83d\ude00 hi", entity("bold", 3, 2)).entities())
        .extracting(e -> e.of("\ud83d\ude00 hi"))
        .containsExactly("hi");
    assertThat(refusal("\ud83d\ude00 hi", entity("bold", 1, 3)))
        .contains("begins in a middle of a UTF-16 symbol");
    assertThat(refusal("hi \ud83d\ude00", entity("bold", 0, 4)))
        .contains("ends in a middle of a UTF-16 symbol");
  }

  @Test
  void entities_nest_but_never_overlap_in_part() {
    assertThat(read("one two three", entity("bold", 0, 7), entity("italic", 4, 3)).entities())
        .hasSize(2);
    assertThat(read("one two", entity("bold", 0, 3), entity("italic", 0, 3)).entities()).hasSize(2);
    assertThat(refusal("one two three", entity("bold", 0, 7), entity("italic", 4, 9)))
        .isEqualTo("Bad Request: ENTITY_BOUNDS_INVALID");
  }

  @Test
  void code_stands_alone_or_in_a_quote() {
    assertThat(read("a code b", entity("blockquote", 0, 8), entity("code", 2, 4)).entities())
        .hasSize(2);
    for (String outer : List.of("bold", "code", "pre")) {
      assertThat(refusal("a code b", entity(outer, 0, 8), entity("code", 2, 4)))
          .isEqualTo("Bad Request: ENTITY_BOUNDS_INVALID");
    }
    assertThat(refusal("a code b", entity("pre", 0, 8), entity("bold", 2, 4)))
        .isEqualTo("Bad Request: ENTITY_BOUNDS_INVALID");
    assertThat(refusal("a b", entity("blockquote", 0, 3), entity("blockquote", 0, 1)))
        .isEqualTo("Bad Request: ENTITY_BOUNDS_INVALID");
  }

  @Test
  void entities_move_with_what_is_trimmed_and_dropped() {
    FormattedText text = read("  a\r\nbold  ", entity("bold", 5, 6));
    assertThat(text.text()).isEqualTo("a\nbold");
    assertThat(text.entities()).extracting(e -> e.of(text.text())).containsExactly("bold");
    FormattedText indented = read("  code\n", entity("pre", 0, 7));
    assertThat(indented.text()).isEqualTo("  code");
    assertThat(indented.entities()).extracting(Entity::length).containsExactly(6);
  }

  @Test
  void control_characters_are_blanks_and_direction_marks_go() {
    assertThat(FormattedText.of("a\tb\u0007c\u202ed\u2028e").text()).isEqualTo("a b cde");
  }

  @Test
  void unknown_types_are_refused_and_found_ones_ignored() {
    assertThat(refusal("hello", entity("blink", 0, 5)))
        .isEqualTo("Bad Request: can't parse MessageEntity: unsupported type specified");
    assertThat(read("hello", entity("mention", 0, 5)).entities()).isEmpty();
    assertThat(refusal("hello", entity("text_link", 0, 5))).contains("can't find field \"url\"");
  }

  @Test
  void a_message_keeps_a_hundred_entities_and_drops_styles_first() {
    List<Object> many = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      many.add(entity("bold", 4 * i, 1));
      many.add(entity("code", 4 * i + 2, 1));
    }
    FormattedText text = read("b c ".repeat(60), many.toArray());
    assertThat(text.entities()).hasSize(100);
    assertThat(text.entities()).filteredOn(e -> e.type() == Entity.Type.CODE).hasSize(60);
  }

  @Test
  void what_is_code_or_a_link_of_the_bot_becomes_no_other_link() {
    String text = "see example.com and @somebody";
    assertThat(read(text).entities())
        .extracting(Entity::type)
        .containsExactly(Entity.Type.URL, Entity.Type.MENTION);
    assertThat(read(text, entity("code", 4, 11), entity("pre", 20, 9)).entities())
        .extracting(Entity::type)
        .containsExactly(Entity.Type.CODE, Entity.Type.PRE);
    assertThat(read(text, entity("bold", 0, 29)).entities()).hasSize(3);
  }
}
