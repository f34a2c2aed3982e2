package dev.parley.doubles.telegram;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AutolinksTest {

  private static List<String> found(String text) {
    return Autolinks.find(text).stream().map(e -> e.type().wire() + " " + e.of(text)).toList();
  }

  @Test
  void web_addresses_are_found_where_they_stand() {
    assertThat(found("See https://example.com/a?b=c#d, or example.org."))
        .containsExactly("url https://example.com/a?b=c#d", "url example.org");
    assertThat(found("(http://example.com/x_(y))")).containsExactly("url http://example.com/x_(y)");
    assertThat(found("at 127.0.0.1:8080/x now")).containsExactly("url 127.0.0.1:8080/x");
    assertThat(found("FTP://files.example.net")).containsExactly("url FTP://files.example.net");
    assertThat(found("http://user:pw@example.com/"))
        .containsExactly("url http://user:pw@example.com/");
    assertThat(found("b\u00fccher.de")).containsExactly("url b\u00fccher.de");
    assertThat(found("tg://resolve?domain=x")).containsExactly("url tg://resolve?domain=x");
    assertThat(found("a http://intern.lan b")).containsExactly("url http://intern.lan");
  }

  @Test
  void what_only_looks_like_an_address_is_none() {
    Stream.of(
            "The end.Start of",
            "e.g. this",
            "version 1.2.3",
            "file.txt",
            "http://localhost:8080",
            "ssh://host.example.com",
            "3.14",
            "...",
            "999.1.1.1",
            "obj.method()",
            "-.com")
        .forEach(text -> assertThat(found(text)).as(text).isEmpty());
  }

  @Test
  void names_are_found_between_words() {
    assertThat(found("Ask @somebody, @gif or (@x_y_z).")) //
        .containsExactly("mention @somebody", "mention @gif", "mention @x_y_z");
    assertThat(found("a@somebody @abc @" + "x".repeat(33))).isEmpty();
  }

  @Test
  void commands_tags_and_addresses_of_e_mail_are_found() {
    assertThat(found("/new@parley_bot now /stop"))
        .containsExactly("bot_command /new@parley_bot", "bot_command /stop");
    assertThat(found("either/or 1/2 //x")).isEmpty();
    assertThat(found("#tag #1st #12")).containsExactly("hashtag #tag", "hashtag #1st");
    assertThat(found("write to ada.l@example.com.")).containsExactly("email ada.l@example.com");
    assertThat(found("write to ada@example.com")).containsExactly("email ada@example.com");
  }

  @Test
  void a_zero_width_character_ends_an_address_and_a_name() {
    assertThat(found("example\u200b.com")).isEmpty();
    assertThat(found("@\u200bsomebody")).isEmpty();
  }

  @Test
  void long_texts_of_many_dots_take_no_long_time() {
    assertThat(found("a.b".repeat(1365))).hasSizeLessThan(2);
    assertThat(found(".".repeat(4096))).isEmpty();
  }
}
