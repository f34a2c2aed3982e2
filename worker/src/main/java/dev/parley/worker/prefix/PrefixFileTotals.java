package dev.parley.worker.prefix;

/// What became of files since the worker started, in files.
///
/// @param read for a prompt that they spared
/// @param written by this worker
/// @param skipped not written: too much was to be written, or the disk refused
/// @param unreadable damaged, cut short, of another format
/// @param deleted to hold the limit, or not used for too long
public record PrefixFileTotals(
    long read, long written, long skipped, long unreadable, long deleted) {
  public static final PrefixFileTotals NONE = new PrefixFileTotals(0, 0, 0, 0, 0);
}
