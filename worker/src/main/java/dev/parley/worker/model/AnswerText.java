package dev.parley.worker.model;

import java.util.List;

/// The visible text of an answer, grown token by token: whole characters only, and nothing that may still
/// turn out to be a stop string.
///
/// A pure function of the tokens: another worker that appends the same ones shows the same text. Not
/// thread-safe.
public final class AnswerText {
  private final Utf8Stream characters = new Utf8Stream();
  private final StopMatcher stops;

  public AnswerText(List<String> stopStrings) {
    stops = new StopMatcher(stopStrings);
  }

  /// The text that a token makes visible; often none.
  public String append(byte[] token) {
    return stops.append(characters.append(token));
  }

  /// The answer has ended by itself: what was held back is shown.
  public String finish() {
    return stops.append(characters.finish()) + stops.finish();
  }

  /// Whether a stop string was met: the answer has ended before it.
  public boolean stopped() {
    return stops.stopped();
  }
}
