package dev.parley.gateway.telegram.markup;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Text that Telegram makes something to click of by itself, unless it is code: a link, a preview, a ping, a
/// command that is sent in the reader's name.
///
/// It takes rather too much: anything with a scheme, anything like a domain whatever its top level
/// (file names too), IPv4 addresses, e-mail addresses, every `@name`, `/command`, `#tag` and `$TAG`. All repetitions
/// are flat and possessive, so that no text takes long.
final class LiveText {
  private static final String WORD = "[\\p{L}\\p{M}\\p{N}_.+-]++";
  private static final Pattern CANDIDATE =
      Pattern.compile(
          ("(?<scheme>" + WORD + "://\\S++)")
              + ("|(?<name>" + WORD + ")(?<host>@" + WORD + ")?+(?<path>[/?#:]\\S{0,500}+)?+")
              + "|@[A-Za-z0-9_]{2,}+|(?<![\\p{L}\\p{N}_/<>])/(?=[A-Za-z0-9_])\\S{0,500}+"
              + "|(?<![\\p{L}\\p{N}_])(?:#(?=[\\p{N}_]{0,256}+\\p{L})|\\$(?=[A-Z]))[\\p{L}\\p{M}\\p{N}_]++");

  private static final Pattern TOP_LEVEL = Pattern.compile("\\p{L}[\\p{L}\\p{M}]+");
  private static final Pattern CAPITALISED = Pattern.compile("\\p{Lu}\\P{Lu}+");
  private static final Pattern IPV4 = Pattern.compile("\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");

  /// Marks that end a sentence or close a bracket around an address.
  private static final String NOT_LAST = ".,;:!?'\"()[]{}<>«»“”‘’…-";

  private LiveText() {}

  /// Code over each such stretch, in order.
  static List<Span> in(String text) {
    List<Span> spans = new ArrayList<>();
    Matcher matcher = CANDIDATE.matcher(text);
    int from = 0;
    while (from < text.length() && matcher.find(from)) {
      int end = endOfLive(matcher);
      if (end > matcher.start()) {
        spans.add(Span.between(matcher.start(), end, Style.CODE));
      }
      // What follows a word that is no address is looked at anew: `see:example.com`.
      from = Math.max(end, endOfHarmless(matcher));
    }
    return spans;
  }

  private static int endOfHarmless(Matcher matcher) {
    return matcher.group("name") == null ? matcher.end() : matcher.end("name");
  }

  /// The end of a live stretch, or -1.
  private static int endOfLive(Matcher matcher) {
    String name = matcher.group("name");
    return name == null || matcher.group("host") != null || isDomain(name)
        ? trimmedEnd(matcher.group(), matcher.start())
        : -1;
  }

  private static int trimmedEnd(String address, int offset) {
    int end = address.length();
    while (end > 0 && NOT_LAST.indexOf(address.charAt(end - 1)) >= 0) {
      end--;
    }
    return offset + end;
  }

  private static String withoutMarks(String name) {
    int from = 0;
    while (from < name.length() && NOT_LAST.indexOf(name.charAt(from)) >= 0) {
      from++;
    }
    return name.substring(from, Math.max(from, trimmedEnd(name, 0)));
  }

  private static boolean isDomain(String name) {
    String host = withoutMarks(name);
    int dot = host.lastIndexOf('.');
    if (dot < 1 || host.charAt(dot - 1) == '.') {
      return false;
    }
    String top = host.substring(dot + 1);
    boolean punycode = top.startsWith("xn--");
    // `end.Next` is two sentences, for Telegram too.
    boolean word = TOP_LEVEL.matcher(top).matches() && !CAPITALISED.matcher(top).matches();
    return punycode || word || IPV4.matcher(host).matches();
  }
}
