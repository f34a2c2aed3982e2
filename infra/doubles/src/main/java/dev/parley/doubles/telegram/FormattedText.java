package dev.parley.doubles.telegram;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// A text as Telegram keeps it: cleaned of control characters, trimmed, with the links and names found in it.
record FormattedText(String text, List<Entity> entities) {

  /// The longest text of a message, UTF-16 units.
  static final int MAX_TEXT = 4096;

  /// The longest caption, UTF-16 units.
  static final int MAX_CAPTION = 1024;

  /// Entities that a message keeps of those a bot gives; Telegram drops the others without a word.
  private static final int MAX_GIVEN = 100;

  static final FormattedText EMPTY = new FormattedText("", List.of());

  FormattedText {
    entities = List.copyOf(entities);
  }

  /// What Telegram makes of a text; empty when nobody could see anything.
  ///
  /// @param given entities with bounds that were checked
  static FormattedText of(String raw, List<Entity> given) {
    FormattedText trimmed = trimmed(cleaned(raw, given));
    if (!visible(trimmed.text)) {
      return EMPTY;
    }
    return new FormattedText(trimmed.text, withFound(trimmed.text, kept(trimmed.entities)));
  }

  static FormattedText of(String raw) {
    return of(raw, List.of());
  }

  boolean isEmpty() {
    return text.isEmpty();
  }

  private static FormattedText cleaned(String raw, List<Entity> given) {
    StringBuilder text = new StringBuilder(raw.length());
    int[] newAt = new int[raw.length() + 1];
    for (int i = 0; i < raw.length(); i++) {
      newAt[i] = text.length();
      char c = raw.charAt(i);
      if (c < ' ' && c != '\n' && c != '\r') {
        text.append(' ');
      } else if (!isDropped(c)) {
        text.append(c);
      }
    }
    newAt[raw.length()] = text.length();
    List<Entity> moved =
        given.stream()
            .map(e -> e.at(newAt[e.offset()], newAt[e.end()] - newAt[e.offset()]))
            .filter(e -> e.length() > 0)
            .toList();
    return new FormattedText(text.toString(), moved);
  }

  private static boolean isDropped(char c) {
    return c == '\r'
        || (c >= '\u2028' && c <= '\u202e')
        || c == '\u0333'
        || c == '\u033f'
        || c == '\u030a';
  }

  private static FormattedText trimmed(FormattedText from) {
    String text = from.text;
    int end = text.length();
    while (end > 0 && isBlank(text.charAt(end - 1))) {
      end--;
    }
    int first = from.entities.stream().mapToInt(Entity::offset).min().orElse(end);
    int begin = 0;
    while (begin < Math.min(first, end) && isBlank(text.charAt(begin))) {
      begin++;
    }
    List<Entity> moved = new ArrayList<>();
    for (Entity e : from.entities) {
      int length = Math.min(e.end(), end) - e.offset();
      if (length > 0) {
        moved.add(e.at(e.offset() - begin, length));
      }
    }
    return new FormattedText(text.substring(begin, end), moved);
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\n';
  }

  /// Whether there is anything to see: not only blanks and characters without width.
  static boolean visible(String text) {
    return text.codePoints().anyMatch(c -> !isInvisible(c));
  }

  private static boolean isInvisible(int c) {
    return c <= ' '
        || c == 0xa0
        || c == 0x1680
        || c == 0x180e
        || (c >= 0x2000 && c <= 0x200f)
        || (c >= 0x2028 && c <= 0x202f)
        || c == 0x205f
        || c == 0x2800
        || c == 0x3000
        || c == 0xfeff
        || c == 0xfffc
        || (c >= 0xe0000 && c <= 0xe007f);
  }

  /// Links, quotes and code count before styles.
  private static List<Entity> kept(List<Entity> given) {
    if (given.size() <= MAX_GIVEN) {
      return given;
    }
    return given.stream()
        .sorted(Comparator.comparing((Entity e) -> e.is(Entity.Group.STYLE)))
        .limit(MAX_GIVEN)
        .toList();
  }

  private static List<Entity> withFound(String text, List<Entity> given) {
    List<Entity> all = new ArrayList<>(given);
    for (Entity found : Autolinks.find(text)) {
      boolean covered =
          given.stream()
              .filter(e -> e.is(Entity.Group.VERBATIM) || e.is(Entity.Group.LINK))
              .anyMatch(found::overlaps);
      if (!covered) {
        all.add(found);
      }
    }
    all.sort(Entity.OUTER_FIRST);
    return all;
  }
}
