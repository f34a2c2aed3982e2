package dev.parley.gateway.telegram.markup;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MarkupLinksTest {

  @Test
  void a_link_is_its_text_and_its_address() {
    assertThat(Shown.finished("[the *docs*](https://a.example/x_y \"Title\")"))
        .isEqualTo("the <italic>docs</italic> (<code>https://a.example/x_y</code>)");
    assertThat(Shown.finished("![a cat](cat.png)")).isEqualTo("a cat (<code>cat.png</code>)");
    assertThat(Shown.finished("**[b](/c)**"))
        .isEqualTo("<bold>b (</bold><code>/c</code><bold>)</bold>");
  }

  @Test
  void an_address_that_is_the_text_is_seen_once() {
    assertThat(Shown.finished("[http://a.example](http://a.example)"))
        .isEqualTo("<code>http://a.example</code>");
    assertThat(Shown.finished("<http://a.example> ![](b.png)"))
        .isEqualTo("<code>http://a.example</code> <code>b.png</code>");
    assertThat(Shown.finished("<me@a.example> [x]()")).isEqualTo("<code>me@a.example</code> x");
  }

  @Test
  void a_text_that_looks_like_another_address_is_no_link_either() {
    assertThat(Shown.finished("[bank.example](http://evil.example)"))
        .isEqualTo("<code>bank.example</code> (<code>http://evil.example</code>)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://a",
        "HTTPS://A.EXAMPLE/x?y=1#z",
        "tg://resolve?domain=x",
        "t.me/name",
        "www.example.com",
        "example.com",
        "Example.COM:8080/path",
        "sub.example.co.uk?q=1",
        "пример.рф",
        "xn--e1afmkfd.xn--p1ai",
        "secret@example.com/x",
        "192.168.0.1",
        "127.0.0.1:80/x",
        "README.md",
        "@name",
        "@a_1",
        "name.@example.com",
        "me@example.com",
        "/start",
        "/new@parley_bot",
        "#tag",
        "#1st",
        "$USD"
      })
  void what_telegram_would_make_a_link_is_code_and_its_text_stays(String live) {
    assertThat(Shown.finished("see (" + live + "), ok"))
        .isEqualTo("see (<code>" + live + "</code>), ok");
    assertThat(Shown.finished(live + ".")).isEqualTo("<code>" + live + "</code>.");
    assertThat(Shown.finished("в:" + live)).contains("<code>").endsWith("</code>");
    assertThat(Shown.finished("**" + live + "**")).isEqualTo("<code>" + live + "</code>");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "#1 and C# and F#x, $5 or US$",
        "3 / 4, 1/2, km/h and // so",
        "The end.Next one",
        "e.g. this, i.e. that... or so",
        "3.14 and 1,000.50 or v2.0",
        "и т.д. и т.п.",
        "@ a @b",
        "and/or a:b 10:30"
      })
  void other_text_is_left_alone(String text) {
    assertThat(Shown.finished(text)).isEqualTo(text);
  }

  @Test
  void a_live_stretch_across_styles_is_code_as_a_whole() {
    assertThat(Shown.finished("exam**ple.com** and `exam`ple.com"))
        .isEqualTo("<code>example.com</code> and <code>exam</code><code>ple.com</code>");
  }

  @Test
  void nothing_is_done_inside_code() {
    assertThat(Shown.finished("`@name` and\n```\nhttp://a.example\n```"))
        .isEqualTo("<code>@name</code> and\n<pre>http://a.example</pre>");
  }
}
