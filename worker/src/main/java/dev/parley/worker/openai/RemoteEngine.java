package dev.parley.worker.openai;

import dev.parley.shared.wire.EndReason;
import dev.parley.shared.wire.Usage;
import dev.parley.worker.engine.Engine;
import dev.parley.worker.engine.EngineInfo;
import dev.parley.worker.engine.EngineLoad;
import dev.parley.worker.engine.EngineOutput;
import dev.parley.worker.engine.EngineOutput.Ended;
import dev.parley.worker.engine.EngineProgress;
import dev.parley.worker.engine.EngineRequest;
import dev.parley.worker.engine.EngineThreads;
import dev.parley.worker.engine.EngineTotals;
import dev.parley.worker.engine.StepListener;
import dev.parley.worker.engine.StepLog;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The engine that asks an OpenAI-compatible server.
///
/// One thread owns every request and never blocks on the network: what callers want and what the server sends
/// comes through a mailbox, which holds at most one submit and one cancel for each held request and one
/// piece for each call.
public final class RemoteEngine implements Engine {
  private static final Logger LOG = LoggerFactory.getLogger(RemoteEngine.class);

  /// No token id ever comes from such a server, so none is continued, whichever server made it.
  private static final String FINGERPRINT = "remote";

  private final RemoteSettings settings;
  private final StepListener listener;
  private final LongSupplier nanoTime;
  private final BlockingQueue<Runnable> mailbox = new LinkedBlockingQueue<>();
  private final Set<String> held = ConcurrentHashMap.newKeySet();
  private final StepLog steps = new StepLog(Optional.empty());
  private final Thread thread;

  // Owned by the engine's thread.
  private final Calls calls;
  private final ServerHealth health;
  private final RemoteRequests requests;
  private boolean stopping;

  // Written by the engine's thread, read by others.
  private volatile EngineLoad load;
  private volatile EngineTotals totals = EngineTotals.NONE;
  private volatile Optional<String> trouble;
  private volatile boolean alive = true;

  private RemoteEngine(RemoteSettings settings, StepListener listener) {
    long origin = System.nanoTime();
    this.settings = settings;
    this.listener = listener;
    this.nanoTime = () -> System.nanoTime() - origin;
    this.calls = new HttpCalls(settings, mailbox::add);
    this.health = new ServerHealth(settings.model(), 0);
    this.requests = new RemoteRequests(settings, calls, health, nanoTime);
    this.load = requests.load();
    this.trouble = health.trouble();
    this.thread = Thread.ofPlatform().name("engine").daemon().unstarted(this::run);
  }

  /// Starts an engine. The server may come later: [#trouble] says what is missing.
  public static Engine start(RemoteSettings settings, StepListener listener) {
    RemoteEngine engine = new RemoteEngine(settings, listener);
    engine.thread.start();
    return engine;
  }

  /// What is not known of another's model is 0 or empty.
  @Override
  public EngineInfo info() {
    return new EngineInfo(
        settings.model().orElse(FINGERPRINT), FINGERPRINT, settings.slots(), 0, "", 0, 0);
  }

  @Override
  public void submit(EngineRequest request) {
    if (!held.add(request.id())) {
      throw request.heldAlready();
    }
    Optional<Ended> refused = refused(request);
    mailbox.add(() -> refused.ifPresentOrElse(this::end, () -> requests.submit(request)));
    if (!alive && held.remove(request.id())) {
      listener.onStep(List.of(Ended.failed(request.id())));
    }
  }

  /// What is refused here: not every server refuses it.
  private Optional<Ended> refused(EngineRequest request) {
    int most = settings.slots() + settings.maxWaiting();
    if (held.size() > most) {
      return Optional.of(Ended.full(request.id(), most));
    }
    if (request.messages().isEmpty()) {
      String why = "there are no messages to answer";
      return Optional.of(new Ended(request.id(), EndReason.NO_MESSAGES, Usage.NONE, why));
    }
    return Optional.empty();
  }

  private void end(Ended refused) {
    emit(List.of(refused));
  }

  @Override
  public void cancel(String requestId) {
    if (held.contains(requestId)) {
      mailbox.add(() -> requests.cancel(requestId));
    }
  }

  @Override
  public EngineLoad load() {
    return load;
  }

  @Override
  public EngineTotals totals() {
    return totals;
  }

  @Override
  public Optional<String> trouble() {
    return trouble;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    requests.bindTo(registry);
  }

  /// Its thread waits for nothing but its mailbox, so no step is ever under way for long.
  @Override
  public EngineProgress progress() {
    return new EngineProgress(0, OptionalLong.empty(), alive);
  }

  /// None: the server takes its steps by itself.
  @Override
  public StepLog steps() {
    return steps;
  }

  @Override
  public void close() {
    mailbox.add(() -> stopping = true);
    EngineThreads.join(thread);
  }

  private void run() {
    try {
      while (!stopping) {
        drainMailbox();
        if (!stopping) {
          step();
        }
      }
    } catch (InterruptedException e) {
      LOG.error("nobody may interrupt the engine's thread", e);
    } catch (RuntimeException | Error e) {
      LOG.error("the engine's thread ends on a fault of its own", e);
      failAll();
    } finally {
      alive = false;
      requests.close();
      calls.close();
    }
  }

  private void drainMailbox() throws InterruptedException {
    long wait = Math.min(requests.nextNanos(), health.nextNanos()) - nanoTime.getAsLong();
    Runnable first = mailbox.poll(Math.max(0, wait), TimeUnit.NANOSECONDS);
    if (first != null) {
      List<Runnable> all = new ArrayList<>();
      all.add(first);
      mailbox.drainTo(all);
      all.forEach(Runnable::run);
    }
  }

  private void step() {
    if (health.ask(nanoTime.getAsLong())) {
      calls.models(new Models());
    }
    requests.step();
    load = requests.load();
    totals = requests.totals();
    trouble = health.trouble();
    emit(requests.takeOutputs());
  }

  private void emit(List<EngineOutput> outputs) {
    if (outputs.isEmpty()) {
      return;
    }
    outputs.stream().filter(Ended.class::isInstance).forEach(ended -> held.remove(ended.id()));
    try {
      listener.onStep(outputs);
    } catch (RuntimeException e) {
      LOG.error("the listener threw: {} outputs are lost", outputs.size(), e);
    }
  }

  /// The thread cannot go on: everything held ends, so that nobody waits for it.
  private void failAll() {
    alive = false;
    emit(List.copyOf(held).stream().<EngineOutput>map(Ended::failed).toList());
  }

  private final class Models implements Calls.ModelsListener {
    @Override
    public void models(List<String> names) {
      Optional<String> before = health.model();
      health.answered(names, nanoTime.getAsLong());
      if (!health.model().equals(before)) {
        LOG.info("the server at {} has the models {}", settings.base(), names);
      }
    }

    @Override
    public void failed(Failure failure) {
      Optional<String> before = health.trouble();
      health.missed(failure, nanoTime.getAsLong());
      if (!health.trouble().equals(before)) {
        LOG.warn("{}: {}", settings.base(), failure.detail());
      }
    }
  }
}
