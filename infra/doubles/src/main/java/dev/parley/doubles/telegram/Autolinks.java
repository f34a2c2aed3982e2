package dev.parley.doubles.telegram;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Finds what Telegram makes live in any text, whoever wrote it: web addresses, `@names`, `/commands`, `#tags`, e-mail
/// addresses. Follows the rules of Telegram's own library for clients as far as texts of models and people go.
final class Autolinks {
  private static final String WORD = "[\\p{L}\\p{N}_]";
  private static final Pattern MENTION =
      Pattern.compile("(?<!" + WORD + ")@([A-Za-z0-9_]{2,32})(?!" + WORD + ")");
  private static final Pattern COMMAND =
      Pattern.compile(
          "(?<![\\p{L}\\p{N}_/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\\p{L}\\p{N}_/<>@])");
  private static final Pattern HASHTAG =
      Pattern.compile("(?<![\\p{L}\\p{Nd}_])#(?=[\\p{Nd}_]*\\p{L})[\\p{L}\\p{Nd}_]{1,256}+(?!#)");
  private static final Pattern APP_LINK =
      Pattern.compile(
          "(?:tg|ton|tonsite)://[a-z0-9_-]{1,253}(?:[/?#][^\\s<>\"«»]*)?",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern EMAIL =
      Pattern.compile(
          "(?:[a-z0-9_-]{0,26}[.+]){0,10}[a-z0-9_-]{1,35}@(?:(?:[a-z0-9][a-z0-9_-]{0,28})?[a-z0-9][.]){1,6}[a-z]{2,8}",
          Pattern.CASE_INSENSITIVE);

  /// Names shorter than four characters that exist.
  private static final Set<String> SHORT_NAMES = Set.of("gif", "vid", "pic");

  private Autolinks() {}

  /// In the order of the text, none overlapping another.
  static List<Entity> find(String text) {
    List<Entity> found = new ArrayList<>();
    add(found, MENTION, Entity.Type.MENTION, text);
    add(found, COMMAND, Entity.Type.BOT_COMMAND, text);
    add(found, HASHTAG, Entity.Type.HASHTAG, text);
    add(found, APP_LINK, Entity.Type.URL, text);
    for (Entity url : WebAddresses.find(text)) {
      boolean email = EMAIL.matcher(url.of(text)).matches();
      found.add(email ? Entity.of(Entity.Type.EMAIL, url.offset(), url.length()) : url);
    }
    found.sort(Entity.OUTER_FIRST);
    List<Entity> apart = new ArrayList<>();
    for (Entity entity : found) {
      if (apart.isEmpty() || apart.getLast().end() <= entity.offset()) {
        apart.add(entity);
      }
    }
    return apart;
  }

  private static void add(List<Entity> found, Pattern pattern, Entity.Type type, String text) {
    Matcher matcher = pattern.matcher(text);
    while (matcher.find()) {
      if (type != Entity.Type.MENTION || isName(matcher.group(1))) {
        found.add(Entity.of(type, matcher.start(), matcher.end() - matcher.start()));
      }
    }
  }

  private static boolean isName(String name) {
    return name.length() >= 4 || SHORT_NAMES.contains(name.toLowerCase(Locale.ROOT));
  }
}
