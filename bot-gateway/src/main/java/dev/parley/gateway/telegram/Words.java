package dev.parley.gateway.telegram;

import dev.parley.shared.wire.EndReason;
import java.text.MessageFormat;
import java.util.List;
import java.util.Locale;
import java.util.ResourceBundle;

/// What the bot says of itself, in the reader's language.
final class Words {

  /// Languages there are words in; the first is for everybody else.
  static final List<Locale> LANGUAGES = List.of(Locale.ENGLISH, Locale.of("ru"));

  private static final ResourceBundle.Control NO_FALLBACK =
      ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES);

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
  /// @param code an IETF tag such as `ru` or `pt-br`; empty when it is not known
  static Locale closest(String code) {
    Locale wanted = Locale.forLanguageTag(code);
    return LANGUAGES.stream()
        .filter(l -> l.getLanguage().equals(wanted.getLanguage()))
        .findFirst()
        .orElse(LANGUAGES.getFirst());
  }

  String say(String key, Object... arguments) {
    String pattern = bundle.getString(key);
    return arguments.length == 0 ? pattern : new MessageFormat(pattern, language).format(arguments);
  }

  /// What to say of an end that is not a whole answer; empty when the answer speaks for itself.
  String end(EndReason reason) {
    return reason.sentence().isEmpty() ? "" : say("end." + reason.name());
  }
}
