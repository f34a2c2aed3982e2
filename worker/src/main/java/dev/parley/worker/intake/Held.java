package dev.parley.worker.intake;

import dev.parley.shared.runtime.Logging;
import dev.parley.shared.turn.AppendReply;
import dev.parley.shared.turn.StoreCaller;
import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.turn.TurnStore;
import dev.parley.shared.wire.Delta;
import dev.parley.shared.wire.Lane;
import dev.parley.shared.wire.Prompt;
import dev.parley.worker.engine.EngineOutput;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One held prompt with what it needs of the shell, its log lines and its times. Belongs to the
/// loop's thread.
final class Held implements PromptPorts, IntakeCounters {
  private static final Logger LOG = LoggerFactory.getLogger(Held.class);

  /// So long an answer that is generated still counts as in its slot, ms: the holder of its record is about to
  /// poll again, and another one in its place would only come and go. A member that leaves may be given a
  /// record at the last moment, which is then late for everybody.
  private static final long ENDING_MS = 250;

  private final Intake intake;
  private final HolderThread holder;
  private final HeldRecord record;
  private final HeldPrompt machine;
  private final Lane lane;

  /// `System.nanoTime()` of the engine's step that is being told to the machine, 0 beside that.
  private long stepNanos;

  private long generatedNanos;
  private long firstTokenNanos;
  private long lastTokenNanos;
  private int tokens;
  private boolean claimed;
  private long endingUntilMs;

  Held(
      Intake intake,
      HolderThread holder,
      Prompt prompt,
      HeldRecord record,
      String attempt,
      String fingerprint) {
    this.intake = intake;
    this.holder = holder;
    this.record = record;
    this.lane = prompt.request().lane();
    this.machine =
        new HeldPrompt(prompt, attempt, intake.worker(), fingerprint, this, intake.limits());
  }

  Lane lane() {
    return lane;
  }

  String attempt() {
    return machine.attempt();
  }

  /// Whether it has or will take a slot, or has just left it.
  boolean takesSlot() {
    return machine.wantsSlot() || intake.nowMs() < endingUntilMs;
  }

  boolean begun() {
    return tokens > 0 || machine.lastDelta() > 0;
  }

  boolean closed() {
    return machine.closed();
  }

  long nextMs() {
    boolean ending = intake.nowMs() < endingUntilMs;
    return ending ? Math.min(machine.nextMs(), endingUntilMs) : machine.nextMs();
  }

  boolean suspect() {
    return machine.suspect();
  }

  /// Gives way to a suspect; true when it has.
  boolean givesWay() {
    inContext(machine::giveWay);
    return !machine.atRisk();
  }

  boolean atWork() {
    return machine.atWork();
  }

  HolderThread holder() {
    return holder;
  }

  // ---- what arrives

  void begin() {
    inContext(() -> {
      LOG.debug("took {}", record);
      machine.step();
    });
  }

  void step() {
    inContext(machine::step);
  }

  void cancelled(String attempt) {
    inContext(() -> {
      LOG.info("told to stop");
      machine.onCancel(attempt);
    });
  }

  void drain() {
    inContext(() -> {
      LOG.info("handed over");
      machine.drain();
    });
  }

  /// @param atNanos when the engine's step ended
  void output(EngineOutput output, long atNanos) {
    stepNanos = atNanos;
    inContext(() -> {
      switch (output) {
        case EngineOutput.Tokens t -> {
          timeTokens(t, atNanos);
          machine.onTokens(t.id(), t.ids(), t.text(), t.logprobs());
        }
        case EngineOutput.Restarted r -> {
          LOG.info("begins anew: the answer could not be continued");
          machine.onRestarted(r.id());
        }
        case EngineOutput.Ended e -> {
          endingUntilMs = intake.nowMs() + ENDING_MS;
          timeEnd(e, atNanos);
          machine.onEnded(e.id(), e.reason(), e.usage());
        }
      }
    });
    stepNanos = 0;
  }

  /// Of an engine without token ids, each piece of text counts as a token until the end tells better.
  private void timeTokens(EngineOutput.Tokens output, long atNanos) {
    int count = intake.engine().tellsTokens() ? output.ids().size() : 1;
    if (count > 0) {
      if (tokens == 0) {
        firstTokenNanos = atNanos;
        intake.meters().firstToken.record(atNanos - generatedNanos, TimeUnit.NANOSECONDS);
      }
      tokens += count;
      lastTokenNanos = atNanos;
    }
  }

  private void timeEnd(EngineOutput.Ended end, long atNanos) {
    IntakeMeters meters = intake.meters();
    meters.ended(end.reason());
    meters.duration.record(atNanos - generatedNanos, TimeUnit.NANOSECONDS);
    int made = intake.engine().tellsTokens() ? tokens : end.usage().completionTokens();
    if (tokens > 1 && made > 1) {
      meters.perToken.record((lastTokenNanos - firstTokenNanos) / (made - 1), TimeUnit.NANOSECONDS);
    }
    LOG.info(
        "ended: {} after {} tokens in {} ms{}",
        end.reason(),
        end.usage().completionTokens(),
        TimeUnit.NANOSECONDS.toMillis(atNanos - generatedNanos),
        end.detail().isEmpty() ? "" : ": " + end.detail());
  }

  private <R> Consumer<R> inContext(Consumer<R> then) {
    return reply -> inContext(() -> then.accept(reply));
  }

  /// All lines that are logged meanwhile are about this turn.
  private void inContext(Runnable work) {
    try (var _ = Logging.aboutTurn(machine.ref().turnId())) {
      work.run();
    }
  }

  // ---- what the machine is given

  @Override
  public StoreCaller store() {
    return this::call;
  }

  private <R> void call(
      String what,
      TurnRef ref,
      Function<TurnStore, R> script,
      Consumer<R> reply,
      Runnable unknown) {
    intake.store().call(what, ref, script, inContext(reply), () -> inContext(unknown));
  }

  @Override
  public void append(TurnStore.Append append, Consumer<AppendReply> reply, Runnable unknown) {
    if (stepNanos != 0) {
      intake.meters().toAppend.record(System.nanoTime() - stepNanos, TimeUnit.NANOSECONDS);
    }
    intake.publisher().append(append, inContext(reply), () -> inContext(unknown));
  }

  @Override
  public void generate(String id, Prompt prompt, List<Delta> shown, boolean alone) {
    generatedNanos = System.nanoTime();
    tokens = 0;
    intake.engine().generate(id, prompt, shown, alone);
  }

  @Override
  public void stop(String id) {
    intake.engine().stop(id);
  }

  @Override
  public boolean mayClaim() {
    return intake.noSuspectBeside(this);
  }

  @Override
  public List<String> attemptsAtWork() {
    return intake.attemptsAtWork();
  }

  @Override
  public boolean alone() {
    return intake.isolate(this);
  }

  @Override
  public void renew(Consumer<AckResult> then) {
    holder.renew(inContext(then));
  }

  @Override
  public void abandon() {
    holder.abandon();
  }

  @Override
  public void acknowledge(boolean accept, Consumer<AckResult> then) {
    holder.acknowledge(
        accept,
        inContext(result -> {
          LOG.debug("{}: {}", accept ? "accepted" : "released", result);
          then.accept(result);
        }));
  }

  @Override
  public long livenessAgeMs(long sinceMs) {
    return intake.livenessAgeMs(sinceMs);
  }

  @Override
  public long nowMs() {
    return intake.nowMs();
  }

  @Override
  public IntakeCounters counters() {
    return this;
  }

  // ---- what the machine counts

  @Override
  public void started(boolean resumed) {
    IntakeMeters meters = intake.meters();
    meters.started.increment();
    long queuedMs = Math.max(0, System.currentTimeMillis() - record.timestampMs());
    if (!claimed) {
      claimed = true;
      meters.queueTime.record(queuedMs, TimeUnit.MILLISECONDS);
    }
    if (resumed) {
      meters.resumed.increment();
    }
    LOG.info(
        "{} as attempt {}, {} ms after it was asked (delivery {})",
        resumed ? "continued" : "begun",
        machine.attempt(),
        queuedMs,
        record.deliveryCount());
  }

  @Override
  public void fenced() {
    intake.meters().fenced.increment();
    LOG.warn("another attempt owns the turn; asking");
  }

  @Override
  public void gapResent() {
    intake.meters().gapResent.increment();
    LOG.info("Redis had forgotten deltas; sent again");
  }

  @Override
  public void restored() {
    intake.meters().restored.increment();
    LOG.info("put back into an emptied Redis");
  }

  @Override
  public void dropped() {
    intake.meters().dropped.increment();
    LOG.info("a second record; another attempt answers");
  }

  @Override
  public void tooOld() {
    intake.meters().tooOld.increment();
    LOG.warn("an old record of a turn that nobody knows; accepted unanswered");
  }

  @Override
  public void lockLost() {
    intake.meters().lockLost.increment();
    LOG.warn("the record's lock lapsed; the work goes on");
  }
}
