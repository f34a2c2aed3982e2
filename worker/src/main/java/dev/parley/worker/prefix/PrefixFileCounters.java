package dev.parley.worker.prefix;

import java.util.concurrent.atomic.LongAdder;

/// Counts for [PrefixFileTotals], from any thread.
final class PrefixFileCounters {
  final LongAdder read = new LongAdder();
  final LongAdder written = new LongAdder();
  final LongAdder skipped = new LongAdder();
  final LongAdder unreadable = new LongAdder();
  final LongAdder deleted = new LongAdder();

  PrefixFileTotals totals() {
    return new PrefixFileTotals(
        read.sum(), written.sum(), skipped.sum(), unreadable.sum(), deleted.sum());
  }
}
