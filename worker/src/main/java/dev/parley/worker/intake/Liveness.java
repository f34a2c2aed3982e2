package dev.parley.worker.intake;

import dev.parley.shared.runtime.Threads;
import dev.parley.shared.turn.StoreUnavailable;
import dev.parley.shared.turn.TurnStore;
import dev.parley.shared.wire.Wire;
import dev.parley.shared.wire.WireException;
import dev.parley.shared.wire.WorkerLoad;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Refreshes this worker's liveness, on a thread of its own and with a store of its own whose
/// timeouts are short: nothing else that waits for Redis may hold up a beat.
public final class Liveness implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Liveness.class);

  /// Between two beats, ms: four in a lease.
  static final long PERIOD_MS = TurnStore.WORKER_LEASE_MS / 4;

  private final TurnStore store;
  private final String worker;
  private final LongSupplier nowMs;
  private final CountDownLatch closed = new CountDownLatch(1);

  private final Lease lease = new Lease();

  /// Whether a beat was ever confirmed.
  private volatile boolean ever;

  private volatile String trouble = "not asked yet";

  /// @param store used by this thread only
  public Liveness(TurnStore store, String worker, LongSupplier nowMs) {
    this.store = store;
    this.worker = worker;
    this.nowMs = nowMs;
  }

  /// Begins to beat.
  ///
  /// @param load what to publish
  /// @param atWork the attempts that liveness vouches for
  /// @param peers is told the other living workers' load after each confirmed beat
  public void start(
      Supplier<WorkerLoad> load,
      Supplier<List<String>> atWork,
      Consumer<Map<String, WorkerLoad>> peers) {
    Threads.startPlatform("liveness", () -> run(load, atWork, peers));
  }

  /// Since the last confirmed beat, ms.
  public long ageMs() {
    return lease.ageMs(nowMs.getAsLong());
  }

  /// Since the last confirmed beat, ms; as good as for ever when liveness had a gap after `since`.
  public long ageMs(long since) {
    return lease.ageMs(since, nowMs.getAsLong());
  }

  /// Why the last beat was not confirmed; empty when it was.
  public String trouble() {
    return trouble;
  }

  @Override
  public void close() {
    closed.countDown();
  }

  private void run(
      Supplier<WorkerLoad> load,
      Supplier<List<String>> atWork,
      Consumer<Map<String, WorkerLoad>> peers) {
    try {
      do {
        beat(load.get(), atWork.get(), peers);
      } while (!closed.await(PERIOD_MS, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      LOG.debug("liveness interrupted");
    }
  }

  private void beat(WorkerLoad load, List<String> atWork, Consumer<Map<String, WorkerLoad>> peers) {
    long issued = nowMs.getAsLong();
    try {
      var _ = store.beatWorker(worker, Wire.encode(load), atWork);
      lease.confirmed(issued, nowMs.getAsLong());
      ever = true;
      confirmed();
      peers.accept(others(store.workers()));
    } catch (StoreUnavailable e) {
      refused(String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      refused("Redis refused a beat: " + e.getMessage());
    }
  }

  private void confirmed() {
    if (!trouble.isEmpty()) {
      LOG.info("Redis answers");
      trouble = "";
    }
  }

  /// One line when it begins; it is tried again each period.
  private void refused(String why) {
    if (trouble.isEmpty() || (!ever && !trouble.equals(why))) {
      LOG.warn("{}; trying again every {} ms", why, PERIOD_MS);
    }
    trouble = why;
  }

  private Map<String, WorkerLoad> others(Map<String, String> workers) {
    Map<String, WorkerLoad> loads = new HashMap<>();
    workers.forEach((id, json) -> {
      if (!id.equals(worker)) {
        try {
          loads.put(id, Wire.decode(json, WorkerLoad.class));
        } catch (WireException e) {
          LOG.debug("worker {} publishes another kind of load", id, e);
        }
      }
    });
    return loads;
  }
}
