package dev.parley.doubles.telegram;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;

/// Finds web and e-mail addresses: around each dot a host is looked for, then a user before it, a port and a path behind
/// it, and what stands before all that. With a scheme any host will do, without one only a host under a known top-level
/// domain.
final class WebAddresses {
  private static final Set<String> SCHEMES = Set.of("http", "https", "ftp", "tonsite");
  private static final String BAD_ENDS = ".:;,('?!`";
  private static final Pattern IPV4 =
      Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1?[1-9]?\\d)(?:\\.(?!$)|$)){4}");
  private static final Set<String> TOP_LEVEL = topLevel();

  private final String text;

  /// What lies before it is read.
  private int floor;

  private WebAddresses(String text) {
    this.text = text;
  }

  /// In the order of the text; e-mail addresses too, as URLs.
  static List<Entity> find(String text) {
    return new WebAddresses(text).all();
  }

  private List<Entity> all() {
    List<Entity> found = new ArrayList<>();
    int dot = text.indexOf('.');
    while (dot >= 0) {
      around(dot).ifPresent(found::add);
      floor = Math.max(floor, dot + 1);
      dot = text.indexOf('.', floor);
    }
    return found;
  }

  /// The address whose host has that dot.
  private Optional<Entity> around(int dot) {
    int host = dot;
    while (host > floor && isHost(text.codePointBefore(host))) {
      host -= Character.charCount(text.codePointBefore(host));
    }
    int readEnd = hostEnd(dot);
    int hostEnd = readEnd;
    int lastAt = text.lastIndexOf('@', hostEnd - 1);
    int begin = host;
    if (lastAt >= host) {
      begin = userBegin(host);
      host = lastAt + 1;
    } else if (lastAt == host - 1 && lastAt >= floor) {
      begin = userBegin(lastAt);
    }
    while (hostEnd > host && text.charAt(hostEnd - 1) == '.') {
      hostEnd--;
    }
    OptionalInt schemeBegin = schemeBegin(begin);
    if (begin == host - 1 || schemeBegin.isEmpty()) {
      // What follows the last dot may be the beginning of an address of its own.
      floor = Math.max(floor, text.lastIndexOf('.', hostEnd - 1) + 1);
      return Optional.empty();
    }
    floor = readEnd;
    if (!isHostName(host, hostEnd, schemeBegin.getAsInt() < begin)) {
      return Optional.empty();
    }
    int from = schemeBegin.getAsInt();
    floor = pathEnd(portEnd(hostEnd));
    return Optional.of(Entity.of(Entity.Type.URL, from, floor - from));
  }

  private int hostEnd(int from) {
    int end = from;
    while (end < text.length()) {
      int c = text.codePointAt(end);
      if (!isHost(c) && c != '@') {
        return end;
      }
      end += Character.charCount(c);
    }
    return end;
  }

  private int userBegin(int at) {
    int begin = at;
    while (begin > floor && isUser(text.codePointBefore(begin))) {
      begin -= Character.charCount(text.codePointBefore(begin));
    }
    return begin;
  }

  /// Where the scheme begins, the same place when there is none, empty when what stands there makes it no address.
  private OptionalInt schemeBegin(int at) {
    if (at >= 3 && text.startsWith("://", at - 3)) {
      int begin = at - 3;
      while (begin > floor && isSchemeCharacter(text.charAt(begin - 1))) {
        begin--;
      }
      String scheme = text.substring(begin, at - 3).toLowerCase(Locale.ROOT);
      return SCHEMES.contains(scheme) ? OptionalInt.of(begin) : OptionalInt.empty();
    }
    if (at == 0) {
      return OptionalInt.of(at);
    }
    int before = text.codePointBefore(at);
    boolean joined =
        Character.isLetterOrDigit(before)
            || before == '_'
            || before == '/'
            || before == '#'
            || before == '@';
    return joined ? OptionalInt.empty() : OptionalInt.of(at);
  }

  private boolean isHostName(int from, int to, boolean withScheme) {
    String host = text.substring(from, to);
    if (IPV4.matcher(host).matches()) {
      return true;
    }
    List<String> labels = List.of(Pattern.compile("\\.").split(host, -1));
    if (labels.size() < 2 || labels.stream().anyMatch(WebAddresses::isNoLabel)) {
      return false;
    }
    String top = labels.getLast();
    if (host.chars().allMatch(c -> c == '.' || Character.isDigit(c))
        || top.codePointCount(0, top.length()) < 2
        || labels.get(labels.size() - 2).contains("_")) {
      return false;
    }
    if (top.startsWith("xn--")) {
      return top.length() > 5;
    }
    return !top.contains("_")
        && !top.contains("-")
        && (withScheme || TOP_LEVEL.contains(top.toLowerCase(Locale.ROOT)));
  }

  private static boolean isNoLabel(String label) {
    return label.isEmpty() || label.length() > 63 || label.endsWith("-");
  }

  private int portEnd(int hostEnd) {
    if (hostEnd >= text.length() || text.charAt(hostEnd) != ':') {
      return hostEnd;
    }
    int end = hostEnd + 1;
    while (end < text.length() && end <= hostEnd + 5 && isDigit(text.charAt(end))) {
      end++;
    }
    return end > hostEnd + 1 && Integer.parseInt(text, hostEnd + 1, end, 10) <= 65_535
        ? end
        : hostEnd;
  }

  private int pathEnd(int from) {
    if (from >= text.length() || "/?#".indexOf(text.charAt(from)) < 0) {
      return from;
    }
    int end = from + 1;
    int[] open = new int[3];
    while (end < text.length() && isPath(text.codePointAt(end))) {
      char c = text.charAt(end);
      int opens = "([{".indexOf(c);
      int closes = ")]}".indexOf(c);
      if (opens >= 0) {
        open[opens]++;
      } else if (closes >= 0 && --open[closes] < 0) {
        break;
      }
      end += Character.charCount(text.codePointAt(end));
    }
    while (end > from + 1 && BAD_ENDS.indexOf(text.charAt(end - 1)) >= 0) {
      end--;
    }
    return end == from + 1 && text.charAt(from) != '/' ? from : end;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isSchemeCharacter(char c) {
    return Character.isLetterOrDigit(c) || c == '+' || c == '-';
  }

  private static boolean isHost(int c) {
    if (c < 0xc0) {
      return (c < 0x80 && Character.isLetterOrDigit(c))
          || c == '.'
          || c == '_'
          || c == '-'
          || c == '~';
    }
    return isUnbroken(c);
  }

  private static boolean isUser(int c) {
    return "\n/[]{}()'`<>\"@«»".indexOf(c) < 0 && isUnbroken(c);
  }

  private static boolean isPath(int c) {
    return "\n<>\"«»".indexOf(c) < 0 && isUnbroken(c);
  }

  private static boolean isUnbroken(int c) {
    if (c >= 0x2000 && c <= 0x206f) {
      return c == 0x200c || c == 0x200d || (c >= 0x2010 && c <= 0x2015);
    }
    return !Character.isSpaceChar(c) && !Character.isISOControl(c);
  }

  /// The domains of countries, and those that texts are likely to name.
  private static Set<String> topLevel() {
    Set<String> domains = new HashSet<>();
    Locale.getISOCountries(Locale.IsoCountryCode.PART1_ALPHA2)
        .forEach(country -> domains.add(country.toLowerCase(Locale.ROOT)));
    domains.addAll(Arrays.asList("uk", "eu", "su", "ac"));
    try (InputStream in = WebAddresses.class.getResourceAsStream("top-level-domains.txt")) {
      if (in == null) {
        throw new IllegalStateException("top-level-domains.txt is missing");
      }
      new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .flatMap(Pattern.compile(" ")::splitAsStream)
          .forEach(domains::add);
    } catch (IOException e) {
      throw new UncheckedIOException("top-level-domains.txt cannot be read", e);
    }
    return Set.copyOf(domains);
  }
}
