package dev.parley.gateway.web;

/// What one reader has been sent of an answer, and what to send next so that it shows the same as
/// the turn. Not thread-safe; no I/O.
///
/// Text that ends in half a surrogate pair is sent up to the character before: UTF-8 cannot carry
/// the half.
final class ShownText {
  private final StringBuilder known = new StringBuilder();
  private int sent;
  private int sentHash;

  /// What the reader has to be told.
  sealed interface Change {
    /// Nothing new.
    record None() implements Change {}

    /// `added` follows what was sent, at UTF-16 offset `at`.
    record Append(String added, int at) implements Change {}

    /// What was sent is not the beginning of the answer any more.
    record Replace(String whole) implements Change {}

    /// Text is missing before this piece: ask for the whole.
    record Hole() implements Change {}
  }

  /// A piece of the answer at its place. Pieces that were seen before are ignored.
  Change piece(String added, int offset) {
    if (offset > known.length()) {
      return new Change.Hole();
    }
    int overlap = known.length() - offset;
    if (overlap < added.length()) {
      known.append(added, overlap, added.length());
    }
    return release();
  }

  /// The whole answer as it stands.
  Change whole(String text) {
    if (startsWithSent(text)) {
      known.setLength(sent);
      known.append(text, sent, text.length());
      return release();
    }
    known.setLength(0);
    known.append(text);
    sent = 0;
    sentHash = 0;
    advance();
    return new Change.Replace(known.substring(0, sent));
  }

  /// Takes a reader's word that it holds the first `length` units of `text`, if the mark proves it.
  ///
  /// @return whether it was believed
  boolean resume(String text, String mark) {
    int dot = mark.indexOf('.');
    if (dot <= 0 || sent != 0) {
      return false;
    }
    int length;
    try {
      length = Integer.parseInt(mark, 0, dot, 10);
    } catch (NumberFormatException e) {
      return false;
    }
    if (length < 0 || length > text.length()) {
      return false;
    }
    String prefix = text.substring(0, length);
    if (!mark.equals(mark(length, prefix.hashCode()))) {
      return false;
    }
    known.append(prefix);
    sent = length;
    sentHash = prefix.hashCode();
    return true;
  }

  /// Names what was sent: its length and a hash, so that a reader that comes back need not hold any
  /// more than this to be resumed, and is not resumed on a text that was restarted.
  String mark() {
    return mark(sent, sentHash);
  }

  int sent() {
    return sent;
  }

  private Change release() {
    int from = sent;
    advance();
    return from == sent ? new Change.None() : new Change.Append(known.substring(from, sent), from);
  }

  private void advance() {
    int end = known.length();
    if (end > sent && Character.isHighSurrogate(known.charAt(end - 1))) {
      end--;
    }
    for (; sent < end; sent++) {
      sentHash = 31 * sentHash + known.charAt(sent);
    }
  }

  private boolean startsWithSent(String text) {
    return text.startsWith(known.substring(0, sent));
  }

  private static String mark(int length, int hash) {
    return length + "." + Integer.toHexString(hash);
  }
}
