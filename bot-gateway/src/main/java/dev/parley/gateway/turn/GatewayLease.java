package dev.parley.gateway.turn;

import dev.parley.shared.turn.Beat;
import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.turn.TurnStore;

/// This gateway's liveness in the store, refreshed all the time, and what each refresh tells: the store's clock,
/// and whether Redis has forgotten something.
final class GatewayLease {

  /// Name under which calls that concern no single turn are logged.
  static final TurnRef ALL = new TurnRef("-", "-");

  /// No beat was confirmed since Redis last forgot something; no adoption is tried with it.
  static final long NO_BEAT = 0;

  /// Is told what a refresh has found.
  interface Watcher {
    /// Redis was emptied, or somebody has opened a new epoch since.
    void onWiped();

    /// Redis has lost its last writes, our last refresh among them.
    void onRolledBack();
  }

  private final TurnPorts ports;
  private final Watcher watcher;
  private boolean beating;
  private long nextBeatMs;
  private long counter;
  private long confirmedBeat = NO_BEAT;
  private long epochMs;
  private long liveUntilMs;
  private int liveness;
  private long clockOffsetMs;

  GatewayLease(TurnPorts ports, Watcher watcher) {
    this.ports = ports;
    this.watcher = watcher;
  }

  /// Whether liveness was confirmed within the lease.
  boolean live() {
    return ports.now() < liveUntilMs;
  }

  /// How often liveness began, or began again after a gap: after one, any turn may be another gateway's.
  int liveness() {
    return liveness;
  }

  /// What to add to this gateway's clock to get the store's, ms: deadlines are in store time.
  long clockOffsetMs() {
    return clockOffsetMs;
  }

  /// The last confirmed refresh, [#NO_BEAT] when Redis has forgotten something with it.
  long confirmedBeat() {
    return confirmedBeat;
  }

  /// Whether Redis was emptied or is new, and what survived is being put back.
  boolean rebuilding() {
    return ports.now() + clockOffsetMs - epochMs < TurnStore.REBUILD_MS;
  }

  /// This gateway itself has opened a new epoch.
  void opened(long newEpochMs) {
    epochMs = newEpochMs;
  }

  void tick(long now) {
    if (beating || now < nextBeatMs) {
      return;
    }
    beating = true;
    long beat = ++counter;
    ports
        .store()
        .call(
            "beat",
            ALL,
            s -> s.beatGateway(ports.gateway(), beat),
            reply -> {
              beating = false;
              nextBeatMs = now + ports.limits().beatMs();
              liveness += live() ? 0 : 1;
              liveUntilMs = now + TurnStore.GATEWAY_LEASE_MS;
              clockOffsetMs = reply.nowMs() - ports.now();
              onBeat(reply, beat);
            },
            () -> {
              beating = false;
              nextBeatMs = ports.now() + ports.limits().retryMs();
            });
  }

  private void onBeat(Beat beat, long sent) {
    if (beat.epochMs() == 0) {
      ports.store().call("openEpoch", ALL, TurnStore::openEpoch, epoch -> {}, () -> {});
    }
    boolean wiped = epochMs != 0 && beat.epochMs() != epochMs;
    boolean rolledBack = sent > 1 && beat.previous() != sent - 1;
    epochMs = beat.epochMs();
    confirmedBeat = wiped || rolledBack ? NO_BEAT : sent;
    if (wiped) {
      watcher.onWiped();
    } else if (rolledBack) {
      watcher.onRolledBack();
    }
  }
}
