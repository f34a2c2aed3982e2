package dev.parley.shared.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The kinds of values that settings have. Every parser's message completes the sentence "PARLEY_X
/// ...".
final class Kinds {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h)");
  private static final Pattern BYTES = Pattern.compile("(\\d{1,9})(KiB|MiB|GiB)");

  private Kinds() {}

  static SettingKind<String> text() {
    return new SettingKind<>("text", text -> text);
  }

  /// Nothing, or some.
  static SettingKind<List<String>> texts() {
    return new SettingKind<>(
        "texts, comma-separated", text -> items(text).filter(item -> !item.isEmpty()).toList());
  }

  static SettingKind<Secret> secret() {
    return new SettingKind<>("secret", Secret::new);
  }

  static SettingKind<List<Secret>> secrets() {
    return new SettingKind<>(
        "secrets, comma-separated", text -> items(text).map(Secret::new).toList());
  }

  static SettingKind<Integer> wholeNumber(int least, int most) {
    return new SettingKind<>(least + ".." + most, text -> wholeNumber(text, least, most));
  }

  /// A number with a decimal point.
  static SettingKind<Double> number(double least, double most) {
    String range = least + " to " + most;
    return new SettingKind<>(range, text -> number(text, least, most, range));
  }

  private static double number(String text, double least, double most, String range) {
    try {
      double value = Double.parseDouble(text);
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(refused(text, range).getMessage(), e);
    }
    throw refused(text, range);
  }

  static SettingKind<Duration> duration(Duration least, Duration most) {
    var range = print(least) + ".." + print(most);
    return new SettingKind<>(range, text -> duration(text, least, most, range));
  }

  static SettingKind<Long> bytes(long least, long most) {
    var range = (least >> 20) + "MiB.." + (most >> 20) + "MiB";
    return new SettingKind<>(range, text -> bytes(text, least, most, range));
  }

  static SettingKind<String> oneOf(String... choices) {
    var range = String.join("|", choices);
    return new SettingKind<>(
        range,
        text -> {
          if (!List.of(choices).contains(text)) {
            throw refused(text, "one of " + range);
          }
          return text;
        });
  }

  static SettingKind<Boolean> yesOrNo() {
    var words = oneOf("true", "false");
    return new SettingKind<>(words.range(), text -> Boolean.valueOf(words.parse(text)));
  }

  static <E extends Enum<E>> SettingKind<E> oneOf(Class<E> type) {
    var constants = List.of(type.getEnumConstants());
    var range = String.join("|", constants.stream().map(Kinds::lower).toList());
    return new SettingKind<>(
        range,
        text ->
            constants.stream()
                .filter(constant -> lower(constant).equals(text))
                .findFirst()
                .orElseThrow(() -> refused(text, "one of " + range)));
  }

  static SettingKind<Path> path() {
    return new SettingKind<>("path; ~ is the home directory", Kinds::path);
  }

  static SettingKind<List<URI>> urls(String... schemes) {
    var range = "URLs with " + String.join(" or ", schemes) + ", comma-separated";
    return new SettingKind<>(
        range, text -> items(text).map(item -> url(item, List.of(schemes))).toList());
  }

  static SettingKind<URI> oneUrl(String... schemes) {
    var range = "URL with " + String.join(" or ", schemes);
    return new SettingKind<>(range, text -> url(text, List.of(schemes)));
  }

  /// @param words that stand for something else than a server
  static SettingKind<String> wordOrUrl(List<String> words, String... schemes) {
    var range = String.join("|", words) + "|URL with " + String.join(" or ", schemes);
    return new SettingKind<>(
        range,
        text -> {
          if (!words.contains(text) && !text.contains("://")) {
            throw refused(text, "one of " + range);
          }
          return words.contains(text) ? text : url(text, List.of(schemes)).toString();
        });
  }

  static SettingKind<String> hostPorts() {
    return new SettingKind<>(
        "host:port, comma-separated",
        text -> {
          if (!text.matches("[^\\s,:]+:\\d{1,5}(,[^\\s,:]+:\\d{1,5})*")) {
            throw refused(text, "host:port, several separated by commas");
          }
          return text;
        });
  }

  /// The shortest text that [#duration] reads back.
  static String print(Duration duration) {
    long millis = duration.toMillis();
    if (millis % 3_600_000 == 0 && millis != 0) {
      return millis / 3_600_000 + "h";
    }
    if (millis % 60_000 == 0 && millis != 0) {
      return millis / 60_000 + "m";
    }
    return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
  }

  private static int wholeNumber(String text, int least, int most) {
    var wanted = "a whole number from " + least + " to " + most;
    if (!text.matches("-?\\d{1,10}")) {
      throw refused(text, wanted);
    }
    long number = Long.parseLong(text);
    if (number < least || number > most) {
      throw refused(text, wanted);
    }
    return (int) number;
  }

  private static Duration duration(String text, Duration least, Duration most, String range) {
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      throw refused(text, "a duration such as 40ms, 5s, 10m or 1h");
    }
    long number = Long.parseLong(matcher.group(1));
    var duration =
        switch (matcher.group(2)) {
          case "ms" -> Duration.ofMillis(number);
          case "s" -> Duration.ofSeconds(number);
          case "m" -> Duration.ofMinutes(number);
          default -> Duration.ofHours(number);
        };
    if (duration.compareTo(least) < 0 || duration.compareTo(most) > 0) {
      throw refused(text, "a duration within " + range);
    }
    return duration;
  }

  private static long bytes(String text, long least, long most, String range) {
    Matcher matcher = BYTES.matcher(text);
    if (!matcher.matches()) {
      throw refused(text, "a size such as 512MiB or 2GiB");
    }
    int shift =
        switch (matcher.group(2)) {
          case "KiB" -> 10;
          case "MiB" -> 20;
          default -> 30;
        };
    long bytes = Long.parseLong(matcher.group(1)) << shift;
    if (bytes < least || bytes > most) {
      throw refused(text, "a size within " + range);
    }
    return bytes;
  }

  private static Path path(String text) {
    if (text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("must be a path without NUL");
    }
    return text.equals("~") || text.startsWith("~/")
        ? Path.of(System.getProperty("user.home") + text.substring(1))
        : Path.of(text);
  }

  private static URI url(String text, List<String> schemes) {
    try {
      var url = new URI(text);
      if (url.getHost() != null && schemes.contains(url.getScheme())) {
        return url;
      }
    } catch (URISyntaxException e) {
      // The sentence below says what is wanted; the parser's position would repeat a password.
      throw new IllegalArgumentException("holds something that is not a URL", e);
    }
    throw new IllegalArgumentException(
        "must hold URLs that begin with " + String.join(":// or ", schemes) + "://");
  }

  private static Stream<String> items(String text) {
    return Stream.of(text.split(",", -1)).map(String::strip);
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static IllegalArgumentException refused(String text, String wanted) {
    return new IllegalArgumentException("must be " + wanted + ", not \"" + text + "\"");
  }
}
