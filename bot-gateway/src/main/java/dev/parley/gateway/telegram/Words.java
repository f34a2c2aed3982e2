package dev.parley.gateway.telegram;

import dev.parley.shared.wire.EndReason;
import java.text.MessageFormat;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;

/// What the bot says of itself, in the reader's language.
final class Words {

  /// Languages there are words in; the first is for everybody else.
  static final List<Locale> LANGUAGES = List.of(Locale.ENGLISH, Locale.of("ru"));

  private static final ResourceBundle.Control NO_FALLBACK =
      ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES);

  /// A longer time to wait is told in minutes.
  private static final int LONGEST_IN_SECONDS = 90;

  private final ResourceBundle bundle;
  private final Locale language;

  private Words(Locale language) {
    this.language = language;
    this.bundle =
        ResourceBundle.getBundle("dev.parley.gateway.telegram.words", language, NO_FALLBACK);
  }

  /// @param language any; English where there are no words in it
  static Words in(Locale language) {
    return new Words(language);
  }

  /// The language that is closest to what a user has set.
  ///
  /// @param code an IETF tag such as `ru` or `pt-br`, if it is known
  static Locale closest(@Nullable String code) {
    Locale wanted = Locale.forLanguageTag(Objects.requireNonNullElse(code, ""));
    return LANGUAGES.stream()
        .filter(l -> l.getLanguage().equals(wanted.getLanguage()))
        .findFirst()
        .orElse(LANGUAGES.getFirst());
  }

  Locale language() {
    return language;
  }

  String say(String key, Object... arguments) {
    String pattern = bundle.getString(key);
    return arguments.length == 0 ? pattern : new MessageFormat(pattern, language).format(arguments);
  }

  /// A time to wait, in the largest whole units, never less than it is.
  String time(Duration wait) {
    long seconds = wait.plusMillis(999).toSeconds();
    long minutes = (seconds + 59) / 60;
    return seconds <= LONGEST_IN_SECONDS
        ? say("time.seconds", seconds)
        : say("time.minutes", minutes);
  }

  /// What to say of an end that is not a whole answer; empty when the answer speaks for itself.
  String end(EndReason reason) {
    return reason.sentence().isEmpty() ? "" : say("end." + reason.name());
  }
}
