package dev.parley.worker.intake;

import dev.parley.shared.wire.Delta;
import dev.parley.shared.wire.TokenLogprob;
import java.util.ArrayList;
import java.util.List;

/// The answer as its worker has it: numbered deltas, how many of them the store is known to have, and what the
/// engine brought since the last number was given.
///
/// ```
/// | 1 2 3 ... stored | stored+1 ... last | open |
///   confirmed          to be (re)sent      ids and text without a number
/// ```
final class AnswerDraft {
  private List<Delta> deltas = new ArrayList<>();
  private final List<Integer> openIds = new ArrayList<>();
  private final StringBuilder openText = new StringBuilder();
  private final List<TokenLogprob> openLogprobs = new ArrayList<>();
  private long stored;
  private long restarts;
  private int edition;

  /// The last number given, 0 before the first.
  long last() {
    return deltas.size();
  }

  List<Delta> deltas() {
    return List.copyOf(deltas);
  }

  /// How often the answer was begun anew, as the store counts it.
  long restarts() {
    return restarts;
  }

  /// Changes whenever the deltas are replaced: a reply about an earlier edition says nothing.
  int edition() {
    return edition;
  }

  boolean isEmpty() {
    return deltas.isEmpty();
  }

  /// The numbered text.
  String text() {
    StringBuilder text = new StringBuilder();
    deltas.forEach(delta -> text.append(delta.text()));
    return text.toString();
  }

  /// @param logprobs one for each of `ids`, or none
  void add(List<Integer> ids, String text, List<TokenLogprob> logprobs) {
    openIds.addAll(ids);
    openText.append(text);
    openLogprobs.addAll(logprobs);
  }

  /// Whether something has no number yet.
  boolean open() {
    return !openIds.isEmpty() || !openText.isEmpty();
  }

  /// Gives what is open the next number.
  void number() {
    if (open()) {
      deltas.add(new Delta(deltas.size() + 1, openIds, openText.toString(), openLogprobs));
      closeOpen();
    }
  }

  private void closeOpen() {
    openIds.clear();
    openText.setLength(0);
    openLogprobs.clear();
  }

  /// The store has the deltas up to this number.
  void stored(long number) {
    stored = number;
  }

  boolean allStored() {
    return stored == deltas.size();
  }

  List<Delta> unstored() {
    return List.copyOf(deltas.subList((int) stored, deltas.size()));
  }

  /// Whether our deltas go on from these.
  boolean continues(List<Delta> shown, long shownRestarts) {
    return shownRestarts == restarts
        && shown.size() <= deltas.size()
        && deltas.subList(0, shown.size()).equals(shown);
  }

  /// What the store has takes the place of what was here.
  void replace(List<Delta> shown, long shownRestarts) {
    closeOpen();
    deltas = new ArrayList<>(shown);
    stored = shown.size();
    restarts = shownRestarts;
    edition++;
  }

  /// What was shown is void; what is open belongs to the answer that begins.
  void restart() {
    deltas = new ArrayList<>();
    stored = 0;
    restarts++;
    edition++;
  }
}
