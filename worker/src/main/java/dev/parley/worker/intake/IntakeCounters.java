package dev.parley.worker.intake;

/// What held prompts count; production binds it to metrics.
public interface IntakeCounters {

  /// A turn was begun; `resumed` when another attempt's answer is continued.
  void started(boolean resumed);

  /// A write was refused because another attempt owns the turn.
  void fenced();

  /// Deltas were sent again after Redis had forgotten some.
  void gapResent();

  /// A turn was put back into an emptied Redis.
  void restored();

  /// A second record of a turn that another worker runs was accepted.
  void dropped();

  /// Written exception: a record past its deadline of a turn that nobody knows.
  void tooOld();

  /// The record's lock lapsed while the work went on.
  void lockLost();
}
