package dev.parley.gateway.telegram.markup;

import java.util.List;
import java.util.SplittableRandom;

/// Random Markdown from a seed.
final class Soup {

  /// Whatever could go wrong beside anything else.
  private static final List<String> ALL =
      List.of(
          "word",
          "Слово",
          "a",
          "b c ",
          "x. ",
          "!",
          " ",
          "  ",
          "    ",
          "\n",
          "\n\n",
          "\t",
          "\r\n",
          "*",
          "**",
          "***",
          "_",
          "__",
          "~~",
          "~",
          "`",
          "``",
          "```",
          "\n```\n",
          "\n```py\n",
          "\n~~~\n",
          "- ",
          "\n- ",
          "\n  - ",
          "\n    - ",
          "1. ",
          "\n1. ",
          "\n2) ",
          "> ",
          "\n> ",
          "\n>> ",
          "# ",
          "\n## ",
          "\n---\n",
          "\n===\n",
          "\n***\n",
          "[",
          "]",
          "(",
          ")",
          "](",
          "![",
          "[t](http://e.com/a_b \"t\")",
          "<http://a.b>",
          "<b>",
          "</b>",
          "<div>\n",
          "<!--",
          "-->",
          "&amp;",
          "&#xD83D;",
          "&#xDE00;",
          "&lt;",
          "\\",
          "\\*",
          "\\\\",
          "| ",
          "|",
          "\n| a | b |\n|---|---|\n| c | d |\n",
          "\n|-|-|\n",
          "|---|",
          "@name",
          "me@host.com",
          "www.example.com",
          "t.me/x",
          "http://x.y/z?q=1",
          "👩‍👩‍👧‍👦",
          "🇩🇪",
          "👍🏽",
          "e\u0301",
          "\u200b",
          "\u202e",
          "עברית",
          "日本語。",
          "\ud83d",
          "\ude00",
          "\u0000",
          "[1]: http://r.e\n",
          "[a][1]",
          "- [ ] ",
          "- [x] ",
          "    code\n",
          "…");

  /// Markdown that shows all its letters, in their order.
  private static final List<String> LETTERED =
      List.of(
          "word",
          "Слово",
          "Ein Satz. ",
          "more words ",
          "日本語。",
          " ",
          " ",
          "\n",
          "\n\n",
          "\n\n",
          "**b** ",
          "*i* ",
          "_u_ ",
          " `c` ",
          " ~~s~~ ",
          "\n- item ",
          "\n  - nested ",
          "\n1. one ",
          "\n   1. two ",
          "\n\n> quote ",
          "\n\n# Head\n",
          "\n\n```\ncode\n  more\n\nlines\n```\n",
          "\n\n- a\n  ```\n  inner\n    code\n  ```\n",
          "\n\n| a | b |\n|---|---|\n| c | d |\n| e | f |\n",
          "[text](http://e.com/x) ",
          "![alt](p.png) ",
          "<i>html</i> ",
          "@name ",
          "www.example.com ",
          "\n\n---\n\n",
          "! ",
          "(x) ",
          "\\*esc\\* ",
          "👍🏽 ");

  private Soup() {}

  static String any(SplittableRandom random, int most) {
    return of(ALL, random, most);
  }

  static String lettered(SplittableRandom random, int most) {
    return of(LETTERED, random, most);
  }

  private static String of(List<String> bits, SplittableRandom random, int most) {
    StringBuilder soup = new StringBuilder();
    int count = 1 + random.nextInt(most);
    for (int i = 0; i < count; i++) {
      soup.append(bits.get(random.nextInt(bits.size())));
    }
    return soup.toString();
  }
}
