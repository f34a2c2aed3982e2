package dev.parley.shared.runtime;

import dev.parley.shared.turn.StoreCaller;
import dev.parley.shared.turn.StoreUnavailable;
import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.turn.TurnStore;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs each script on a virtual thread of its own, which may wait for the store, and hands the reply
/// to the mailbox of the machine that asked. Thread-safe.
///
/// A store that does not answer is logged when it begins and when it is over, not at every call.
/// Replies of unknown outcome come after a pause, so that a machine that repeats at once does not
/// spin while the store is away.
public final class BlockingStoreCaller implements StoreCaller, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BlockingStoreCaller.class);

  /// Liveness never waits behind other calls.
  private static final Set<String> URGENT = Set.of("beat");

  /// How calls are bounded.
  ///
  /// @param maxCalls scripts that run at once; more wait. At most what the store's connections bear,
  ///     less a few for callers that do not come by here
  /// @param unknownPause before an unknown outcome is told
  public record Limits(int maxCalls, Duration unknownPause) {
    public static final Limits DEFAULT = new Limits(12, Duration.ofMillis(50));

    public Limits {
      if (maxCalls < 1 || unknownPause.isNegative()) {
        throw new IllegalArgumentException("limits of store calls must be positive");
      }
    }
  }

  /// Sees every call's reply, on the calling thread, before the machine does: for logs and meters.
  public interface Observer {
    /// @param reply what the script answered
    void replied(String what, TurnRef ref, Object reply);

    /// The outcome of a call is unknown.
    void unknown(String what, TurnRef ref);

    /// Sees and does nothing.
    Observer NONE =
        new Observer() {
          @Override
          public void replied(String what, TurnRef ref, Object reply) {}

          @Override
          public void unknown(String what, TurnRef ref) {}
        };
  }

  private final TurnStore store;
  private final Consumer<Runnable> mailbox;
  private final Limits limits;
  private final Observer observer;
  private final Semaphore permits;
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Threads.virtual("store"));
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicBoolean away = new AtomicBoolean();

  /// @param mailbox runs what it is given on the machine's thread, later; may block its caller
  public BlockingStoreCaller(
      TurnStore store, Consumer<Runnable> mailbox, Limits limits, Observer observer) {
    this.store = store;
    this.mailbox = mailbox;
    this.limits = limits;
    this.observer = observer;
    this.permits = new Semaphore(limits.maxCalls());
  }

  @Override
  public <R> void call(
      String what,
      TurnRef ref,
      Function<TurnStore, R> script,
      Consumer<R> reply,
      Runnable unknown) {
    try {
      open.incrementAndGet();
      threads.execute(() -> mailbox.accept(run(what, ref, script, reply, unknown)));
    } catch (RejectedExecutionException e) {
      open.decrementAndGet();
      LOG.debug("{} of {} came after the stop", what, ref, e);
    }
  }

  /// Calls that run or wait.
  public int open() {
    return open.get();
  }

  /// Whether the last call that ended got an answer.
  public boolean answers() {
    return !away.get();
  }

  /// No new calls; replies to those under way still come, within their own time limits.
  @Override
  public void close() {
    threads.shutdown();
  }

  /// Makes the call; what it returns is for the machine's thread.
  private <R> Runnable run(
      String what,
      TurnRef ref,
      Function<TurnStore, R> script,
      Consumer<R> reply,
      Runnable unknown) {
    try {
      R answer = URGENT.contains(what) ? script.apply(store) : inTurn(script);
      observe(true);
      observer.replied(what, ref, answer);
      return () -> reply.accept(answer);
    } catch (StoreUnavailable e) {
      observe(false);
      LOG.debug("{} of {} has an unknown outcome", what, ref, e);
    } catch (RuntimeException e) {
      // A bug in a script or an adapter: the protocol treats it as any unknown outcome.
      LOG.error("{} of turnId={} failed", what, ref, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      open.decrementAndGet();
    }
    observer.unknown(what, ref);
    pause();
    return unknown;
  }

  private <R> R inTurn(Function<TurnStore, R> script) throws InterruptedException {
    permits.acquire();
    try {
      return script.apply(store);
    } finally {
      permits.release();
    }
  }

  private void observe(boolean answered) {
    if (away.compareAndSet(answered, !answered)) {
      if (answered) {
        LOG.info("Redis answers again");
      } else {
        LOG.warn("Redis does not answer; calls are repeated until it does");
      }
    }
  }

  private void pause() {
    try {
      Thread.sleep(limits.unknownPause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
