package dev.parley.worker.intake;

/// How many holders should be polling.
///
/// Every free slot has one interactive holder that polls, whatever the others are still waiting for.
/// Beyond the slots a worker holds prompts only while nobody has a free slot, because an idle worker
/// must win over a busy one's waiting room. Batch work never takes the last free slot.
///
/// @param interactive holders that should poll the interactive lane
/// @param batch holders that should poll the batch lane
record HolderPlan(int interactive, int batch) {

  static final HolderPlan NONE = new HolderPlan(0, 0);

  /// @param wantingSlot held prompts whose answer is not generated yet
  /// @param heldBatch held prompts of the batch lane
  /// @param peersFree whether another living worker has a free slot
  static HolderPlan of(HolderLimits limits, int wantingSlot, int heldBatch, boolean peersFree) {
    int free = limits.slots() - wantingSlot;
    int interactive = free;
    if (free <= 0) {
      interactive = peersFree ? 0 : Math.max(0, free + limits.extra());
    }
    int spare = limits.slots() == 1 ? free : free - 1;
    int batch = Math.clamp(spare, 0, Math.max(0, limits.batch() - heldBatch));
    return new HolderPlan(interactive, batch);
  }
}
