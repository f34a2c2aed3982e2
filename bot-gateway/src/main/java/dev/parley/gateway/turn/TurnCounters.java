package dev.parley.gateway.turn;

import dev.parley.shared.wire.EndReason;

/// What the gateway's machines count; production binds it to metrics.
public interface TurnCounters {

  /// A turn of this gateway closed.
  void closed(EndReason end, boolean visible);

  /// Deltas were missing or different and were read again.
  void gapRepaired();

  /// A turn of a dead gateway was adopted.
  void adopted();

  /// A turn was put back into Redis.
  void asserted();

  /// A running turn without worker and record was put back into the queue.
  void requeued();

  /// Text that was shown was taken back for a fresh start.
  void restarted();

  /// Written exception: a send whose outcome nobody will know.
  void ambiguousSend();

  /// Written exception: the end could not be shown.
  void undeliverable();

  /// Written exception: a turn ended on this gateway's own word while Redis was away.
  void endedAlone();
}
