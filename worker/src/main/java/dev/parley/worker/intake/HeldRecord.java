package dev.parley.worker.intake;

/// A prompt as it came from the queue, not decoded yet.
///
/// @param key empty when the record had none
/// @param value undecodable content is for the holder to reject
/// @param deliveryCount from 1; a hint only, it starts again when the broker restarts
/// @param offset place in the lane
/// @param timestampMs when it was produced, in milliseconds since the epoch
@SuppressWarnings("ArrayRecordComponent") // compared by nobody; copying every prompt would be waste
public record HeldRecord(
    String key, byte[] value, int deliveryCount, long offset, long timestampMs) {
  @Override
  public String toString() {
    return "HeldRecord[key=%s, bytes=%d, deliveryCount=%d, offset=%d]"
        .formatted(key, value.length, deliveryCount, offset);
  }
}
