package dev.parley.worker.intake;

/// How many holders should be polling.
///
/// Every free slot has one interactive holder that polls, whatever the others are still waiting for.
/// Beyond the slots a worker holds prompts only while nobody has a free slot, because an idle worker
/// must win over a busy one's waiting room. Batch work never takes the last free slot.
///
/// @param interactive holders that should poll the interactive lane
/// @param batch holders that should poll the batch lane
/// @param extraOn whether holders beyond the slots are among them
record HolderPlan(int interactive, int batch, boolean extraOn) {

  static final HolderPlan NONE = new HolderPlan(0, 0, false);

  /// @param taken slots that held prompts have, will take, or have just left
  /// @param heldBatch held prompts of the batch lane
  /// @param peersFree whether another living worker has a free slot
  /// @param extraOn whether holders beyond the slots poll already: they go on until half of the
  ///     slots are free, since every join and leave makes the group's others rebalance
  static HolderPlan of(
      HolderLimits limits, int taken, int heldBatch, boolean peersFree, boolean extraOn) {
    int free = limits.slots() - taken;
    boolean full = extraOn ? free < Math.max(1, limits.slots() / 2) : free <= 0;
    int extra = full && !peersFree ? limits.extra() : 0;
    int interactive = Math.max(0, free + extra);
    int spare = limits.slots() == 1 ? free : free - 1;
    int batch = Math.clamp(spare, 0, Math.max(0, limits.batch() - heldBatch));
    return new HolderPlan(interactive, batch, extra > 0);
  }
}
