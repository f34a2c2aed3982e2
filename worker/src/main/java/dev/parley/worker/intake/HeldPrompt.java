package dev.parley.worker.intake;

import dev.parley.shared.turn.AppendReply;
import dev.parley.shared.turn.Claim;
import dev.parley.shared.turn.ClaimReply;
import dev.parley.shared.turn.Outcome;
import dev.parley.shared.turn.StoreCaller;
import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.turn.TurnState;
import dev.parley.shared.turn.TurnStore;
import dev.parley.shared.turn.TurnView;
import dev.parley.shared.turn.ViewReply;
import dev.parley.shared.wire.Delta;
import dev.parley.shared.wire.EndReason;
import dev.parley.shared.wire.Prompt;
import dev.parley.shared.wire.Usage;
import dev.parley.shared.wire.Wire;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/// One prompt in a worker's hands: claimed, generated, written, confirmed, accepted.
///
/// ```
/// CLAIMING --Run--> RUNNING --engine ended, all appended--> FINISHING --OK--> CONFIRMING --got--> ACKING --> CLOSED
///    |  ^              |   OTHER: claim again                   |   MISSING: restore, then on         ^
///    |  +--------------+----------------------------------------+                                    |
///    +-- Drop, TooOld: nothing to do -----------------------------------------------------------------+
/// ```
///
/// A drain takes RUNNING to HANDING_OVER instead: what was generated is written, the attempt given
/// back, the record released.
///
/// A plain machine: its driver tells it what arrived, calls [#step] when [#nextMs] has come, and
/// brings replies back onto the same thread.
public final class HeldPrompt {

  private enum Phase {
    CLAIMING,
    RUNNING,
    FINISHING,
    CONFIRMING,
    HANDING_OVER,
    RELEASING,
    ACKING,
    CLOSED
  }

  /// What a held prompt is given. Every call with a callback gives it once, later, on the machine's
  /// thread.
  public interface Ports {
    StoreCaller store();

    /// Appends deltas; many turns' share a round trip.
    void append(TurnStore.Append append, Consumer<AppendReply> reply, Runnable unknown);

    /// Begins to generate, from `shown` on.
    void generate(String id, Prompt prompt, List<Delta> shown, boolean alone);

    /// Stops generating; outputs of that id may still arrive and are ignored.
    void stop(String id);

    /// Whether no other prompt of this worker is a suspect: what is claimed beside one that kills the
    /// process would be counted as crashed with it.
    boolean mayClaim();

    /// This worker's attempts that are [#atWork].
    List<String> attemptsAtWork();

    /// For a suspect: makes the others give way, and tells whether they have.
    boolean alone();

    void renew(Consumer<AckResult> then);

    /// Accepts the record, or releases it for the next.
    void acknowledge(boolean accept, Consumer<AckResult> then);

    /// Since the last confirmed liveness of this worker, ms; very long when it had a gap after
    /// `sinceMs`.
    long livenessAgeMs(long sinceMs);

    long nowMs();

    IntakeCounters counters();
  }

  private final Prompt prompt;
  private final String attempt;
  private final String worker;
  private final String fingerprint;
  private final Ports ports;
  private final IntakeLimits limits;

  private Phase phase = Phase.CLAIMING;
  private boolean busy;
  private boolean appending;
  private boolean renewing;
  private boolean acknowledging;
  private boolean held = true;

  /// The record is ours until then, ms, unless a renewal is confirmed: a worker that slept longer
  /// has lost it, whatever Kafka answers.
  private long lockedUntilMs;

  /// A claim was sent, and no answer said that this attempt does not own the turn.
  private boolean mayOwn;

  private boolean secondAsk;
  private boolean missing;
  private boolean draining;

  /// Two attempts died on it: nothing else may be claimed by this worker while it runs.
  private boolean suspect;

  private boolean awaitAlone;
  private long notBeforeMs;
  private long steppedMs = Long.MIN_VALUE;
  private long nextRenewMs;
  private long nextFlushMs;
  private long confirmUntilMs;

  /// When the claim that made this attempt the owner was sent.
  private long claimedMs;

  private long nextCheckMs;
  private long giveBackUntilMs;
  private long backoffMs;

  // The answer: what is numbered, what the store confirmed, what is not numbered yet.
  private List<Delta> deltas = new ArrayList<>();

  /// Counts how often `deltas` was replaced: replies about an earlier buffer say nothing.
  private int buffer;

  private long stored;
  private long restarts;
  private boolean restartAsked;
  private final List<Integer> openIds = new ArrayList<>();
  private final StringBuilder openText = new StringBuilder();

  // The engine's part.
  private int generation;
  private String engineId = "";
  private Optional<EndReason> ended = Optional.empty();
  private Usage usage = Usage.NONE;

  /// A record that was just polled.
  ///
  /// @param attempt random, the fence
  public HeldPrompt(
      Prompt prompt,
      String attempt,
      String worker,
      String fingerprint,
      Ports ports,
      IntakeLimits limits) {
    this.prompt = prompt;
    this.attempt = attempt;
    this.worker = worker;
    this.fingerprint = fingerprint;
    this.ports = ports;
    this.limits = limits;
    this.backoffMs = limits.retryMs();
    this.nextRenewMs = ports.nowMs() + limits.renewMs();
    this.lockedUntilMs = ports.nowMs() + limits.lockMs();
  }

  public TurnRef ref() {
    return prompt.ref();
  }

  public String attempt() {
    return attempt;
  }

  /// Whether nothing is left to do: the record is out of this holder's hands.
  public boolean closed() {
    return phase == Phase.CLOSED;
  }

  /// Deltas numbered so far: for readers of a running system.
  public long lastDelta() {
    return deltas.isEmpty() ? 0 : deltas.getLast().n();
  }

  // ---- what arrives

  /// New tokens from the engine.
  public void onTokens(String id, List<Integer> ids, String text) {
    if (id.equals(engineId)) {
      openIds.addAll(ids);
      openText.append(text);
      step();
    }
  }

  /// The engine begins the answer anew; what was shown is void.
  public void onRestarted(String id) {
    if (id.equals(engineId)) {
      restartAsked = true;
      step();
    }
  }

  /// The engine is through with it.
  public void onEnded(String id, EndReason reason, Usage total) {
    if (!id.equals(engineId)) {
      return;
    }
    if (reason == EndReason.CANCELLED) {
      // Not our doing, or ours while the reply was under way: the record says what to do.
      claimAgain();
    } else {
      ended = Optional.of(reason);
      usage = total;
    }
    step();
  }

  /// Told that the turn ended: stop at once, then ask.
  public void onCancel(String cancelledAttempt) {
    if (cancelledAttempt.equals(attempt) && phase == Phase.RUNNING) {
      claimAgain();
      step();
    }
  }

  /// Whether this attempt may own the turn: nobody else may take it while this process lives.
  public boolean atWork() {
    return switch (phase) {
      case CLAIMING, RUNNING, FINISHING, CONFIRMING, HANDING_OVER -> true;
      case RELEASING, ACKING, CLOSED -> false;
    };
  }

  /// Whether a crash of the process now would be counted against it.
  public boolean atRisk() {
    return switch (phase) {
      case RUNNING, FINISHING, HANDING_OVER -> true;
      case CLAIMING -> busy;
      case CONFIRMING, RELEASING, ACKING, CLOSED -> false;
    };
  }

  public boolean suspect() {
    return suspect && phase != Phase.CLOSED;
  }

  /// Hands over to another worker, for a suspect to run alone here; what is all but done stays.
  public void giveWay() {
    boolean unfinished = phase == Phase.RUNNING && ended.isEmpty();
    if (!draining && (unfinished || (phase == Phase.CLAIMING && !busy))) {
      suspect = false;
      drain();
    }
  }

  /// This worker is going away: give the turn to another.
  public void drain() {
    draining = true;
    step();
  }

  // ---- what is done

  /// When [#step] wants to be called at the latest, ms. What a step has looked at and left alone is
  /// not named again: the machine then waits for something to arrive.
  public long nextMs() {
    long next = held && !renewing ? nextRenewMs : Long.MAX_VALUE;
    if (!busy && notBeforeMs > steppedMs) {
      next = Math.min(next, notBeforeMs);
    }
    if (phase == Phase.RUNNING && !busy) {
      next = Math.min(next, nextCheckMs);
    }
    if (phase == Phase.RUNNING && !appending && !(openIds.isEmpty() && openText.isEmpty())) {
      next = Math.min(next, nextFlushMs);
    }
    return next;
  }

  /// Whether the answer is not generated yet: it has a slot of the engine, or will take one.
  public boolean wantsSlot() {
    return phase == Phase.CLAIMING || (phase == Phase.RUNNING && ended.isEmpty());
  }

  /// Does what is due.
  public void step() {
    long now = ports.nowMs();
    steppedMs = now;
    if (phase == Phase.CLOSED || acknowledging) {
      return;
    }
    if (held && now >= lockedUntilMs) {
      loseRecord();
    }
    if (held && !renewing && now >= nextRenewMs) {
      renew(now);
    }
    if (busy || now < notBeforeMs) {
      return;
    }
    if (missing && (phase == Phase.RUNNING || phase == Phase.FINISHING)) {
      restore();
      return;
    }
    switch (phase) {
      case CLAIMING -> claim();
      case RUNNING -> run(now);
      case FINISHING -> finish();
      case CONFIRMING -> confirm(now);
      case HANDING_OVER -> handOver();
      case RELEASING -> acknowledge(false);
      case ACKING -> acknowledge(true);
      case CLOSED -> throw new IllegalStateException("closed");
    }
  }

  private void renew(long now) {
    nextRenewMs = now + limits.renewMs();
    renewing = true;
    ports.renew(result -> {
      renewing = false;
      switch (result) {
        case CONFIRMED -> lockedUntilMs = now + limits.lockMs();
        case LOST -> loseRecord();
        case UNKNOWN -> {}
      }
      step();
    });
  }

  private void loseRecord() {
    if (held) {
      held = false;
      ports.counters().lockLost();
    }
  }

  // ---- claiming

  private void claim() {
    if (!held) {
      giveBack();
      step();
      return;
    }
    if (draining && engineId.isEmpty() && deltas.isEmpty()) {
      phase = mayOwn ? Phase.HANDING_OVER : Phase.RELEASING;
      step();
      return;
    }
    if (!ports.mayClaim()) {
      notBeforeMs = ports.nowMs() + limits.retryMs();
      return;
    }
    claimedMs = ports.nowMs();
    mayOwn = true;
    Claim claim =
        new Claim(
            attempt,
            worker,
            fingerprint,
            ports.attemptsAtWork(),
            secondAsk,
            limits.maxCrashes(),
            prompt);
    script("claim", s -> s.claim(claim), this::onClaim);
  }

  private void onClaim(ClaimReply reply) {
    mayOwn = reply instanceof ClaimReply.Run;
    switch (reply) {
      case ClaimReply.Run run -> onRun(run);
      case ClaimReply.Wait wait -> {
        secondAsk = true;
        notBeforeMs = ports.nowMs() + limits.leaseMs();
      }
      case ClaimReply.Cold cold -> notBeforeMs = backoff();
      case ClaimReply.Drop drop -> {
        ports.counters().dropped();
        letGo();
      }
      case ClaimReply.Ended end -> endedElsewhere();
      case ClaimReply.TooOld old -> {
        ports.counters().tooOld();
        letGo();
      }
    }
  }

  private void onRun(ClaimReply.Run run) {
    phase = Phase.RUNNING;
    nextCheckMs = ports.nowMs() + limits.checkMs();
    missing = false;
    secondAsk = false;
    boolean ours = run.restarts() == restarts && goesOn(run.deltas());
    if (!engineId.isEmpty() && ours) {
      stored = run.deltas().size();
      return;
    }
    stopEngine();
    ended = Optional.empty();
    restartAsked = false;
    openIds.clear();
    openText.setLength(0);
    deltas = new ArrayList<>(run.deltas());
    buffer++;
    stored = deltas.size();
    restarts = run.restarts();
    suspect = run.alone();
    awaitAlone = suspect;
    if (!suspect) {
      generate();
    }
  }

  private void generate() {
    if (!draining) {
      ports.counters().started(!deltas.isEmpty());
      engineId = attempt + "#" + generation++;
      ports.generate(engineId, prompt, List.copyOf(deltas), suspect);
    }
  }

  /// Waits until nothing else of this worker would die with the suspect; of two, one gives way.
  private void becomeAlone(long now) {
    if (!ports.mayClaim()) {
      giveWay();
    } else if (ports.alone()) {
      awaitAlone = false;
      generate();
    } else {
      notBeforeMs = now + limits.coalesceMs();
    }
  }

  /// Whether our deltas go on from these.
  private boolean goesOn(List<Delta> shown) {
    return shown.size() <= deltas.size() && deltas.subList(0, shown.size()).equals(shown);
  }

  /// Another attempt owns the turn, or Redis forgot that ours does: the claim tells. The engine goes
  /// on meanwhile, for the second case.
  private void fenced() {
    ports.counters().fenced();
    if (held) {
      phase = Phase.CLAIMING;
      secondAsk = false;
    } else {
      giveBack();
    }
  }

  /// Without the record there is nothing to claim with. Should the store think that this attempt runs,
  /// now or when the owner has put the turn back, it must learn otherwise, since our liveness would
  /// vouch for it for ever.
  private void giveBack() {
    stopEngine();
    phase = Phase.HANDING_OVER;
    giveBackUntilMs = ports.nowMs() + TurnStore.REBUILD_MS + limits.leaseMs();
  }

  private void claimAgain() {
    stopEngine();
    phase = Phase.CLAIMING;
    secondAsk = false;
  }

  /// Cancelled, expired, or finished by an attempt that is gone: the record is still the second copy
  /// of the question until the owner has the end.
  private void endedElsewhere() {
    stopEngine();
    ended = Optional.empty();
    awaitGot();
  }

  private void letGo() {
    stopEngine();
    phase = Phase.ACKING;
  }

  private void stopEngine() {
    if (!engineId.isEmpty() && ended.isEmpty()) {
      ports.stop(engineId);
    }
    engineId = "";
  }

  // ---- writing

  private void run(long now) {
    if (appending) {
      return;
    }
    if (awaitAlone && !draining) {
      becomeAlone(now);
      return;
    }
    if (restartAsked) {
      script("restart", s -> s.restart(ref(), attempt), this::onRestart);
      return;
    }
    if (draining && ended.isEmpty()) {
      stopEngine();
      number();
    }
    if (!openIds.isEmpty() || !openText.isEmpty()) {
      if (now >= nextFlushMs || ended.isPresent()) {
        number();
      }
    }
    if (stored < deltas.size()) {
      nextCheckMs = now + limits.checkMs();
      append(now);
    } else if (ended.isPresent() && openIds.isEmpty() && openText.isEmpty()) {
      phase = Phase.FINISHING;
      step();
    } else if (draining) {
      phase = Phase.HANDING_OVER;
      step();
    } else if (now >= nextCheckMs) {
      look(now);
    }
  }

  /// The engine is silent, and the message that the turn ended may have been lost.
  private void look(long now) {
    nextCheckMs = now + limits.checkMs();
    script(
        "view",
        s -> s.view(ref(), Long.MAX_VALUE),
        view -> {
          switch (view) {
            case ViewReply.Cold cold -> notBeforeMs = backoff();
            case ViewReply.Missing gone -> missing = true;
            case ViewReply.Found found -> {
              if (found.turn().state().ended()) {
                endedElsewhere();
              } else if (!found.turn().attempt().equals(attempt)) {
                fenced();
              }
            }
          }
        });
  }

  private void number() {
    if (!openIds.isEmpty() || !openText.isEmpty()) {
      deltas.add(new Delta(deltas.size() + 1, openIds, openText.toString()));
      openIds.clear();
      openText.setLength(0);
    }
  }

  private void append(long now) {
    appending = true;
    nextFlushMs = now + limits.coalesceMs();
    List<Delta> fresh = List.copyOf(deltas.subList((int) stored, deltas.size()));
    int sentOf = buffer;
    long last = deltas.size();
    ports.append(
        new TurnStore.Append(ref(), attempt, fresh),
        reply -> {
          appending = false;
          if (sentOf == buffer) {
            onAppend(reply, last);
          }
          step();
        },
        () -> {
          appending = false;
          notBeforeMs = backoff();
        });
  }

  private void onAppend(AppendReply reply, long last) {
    if (phase != Phase.RUNNING) {
      return;
    }
    switch (reply) {
      case AppendReply.Ok ok -> {
        stored = last;
        backoffMs = limits.retryMs();
      }
      case AppendReply.Gap gap -> {
        ports.counters().gapResent();
        stored = gap.stored();
      }
      case AppendReply.Other other -> fenced();
      case AppendReply.Ended end -> endedElsewhere();
      case AppendReply.Missing gone -> missing = true;
      case AppendReply.Cold cold -> notBeforeMs = backoff();
    }
  }

  private void onRestart(Outcome outcome) {
    if (outcome == Outcome.OK) {
      restartAsked = false;
      restarts++;
      deltas = new ArrayList<>();
      buffer++;
      stored = 0;
    } else {
      refused(outcome);
    }
  }

  private void restore() {
    TurnView remembered = memory();
    long since = claimedMs;
    script(
        "restore",
        s -> s.restore(remembered, ports.livenessAgeMs(since)),
        outcome -> {
          switch (outcome) {
            case OK -> {
              missing = false;
              ports.counters().restored();
              stored = deltas.size();
            }
            case EXISTS, LOST -> {
              missing = false;
              fenced();
            }
            case COLD -> notBeforeMs = backoff();
            case LATER, ENDED, OTHER, NOT_OWNER, MISSING ->
                throw new IllegalStateException("restore: " + outcome);
          }
        });
  }

  /// The turn as far as a worker knows it; its owner adds the rest.
  private TurnView memory() {
    return new TurnView(
        ref(),
        TurnState.RUNNING,
        Wire.encode(prompt.request()),
        prompt.gateway(),
        0,
        prompt.admittedMs(),
        prompt.deadlineMs(),
        prompt.deliverByMs(),
        attempt,
        worker,
        restarts,
        fingerprint,
        1,
        0,
        false,
        List.of(),
        0,
        "",
        Optional.empty(),
        Usage.NONE,
        false,
        deltas);
  }

  // ---- the end

  private void finish() {
    EndReason reason = ended.orElseThrow();
    String text = text();
    Usage total = usage;
    script(
        "finish",
        s ->
            reason.answered()
                ? s.finish(ref(), attempt, text, reason, total)
                : s.failAttempt(ref(), attempt, reason),
        outcome -> {
          if (outcome == Outcome.OK) {
            awaitGot();
          } else {
            refused(outcome);
          }
        });
  }

  private void awaitGot() {
    phase = Phase.CONFIRMING;
    confirmUntilMs = ports.nowMs() + limits.gotMs();
    notBeforeMs = ports.nowMs() + limits.gotPollMs() / 2;
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    deltas.forEach(d -> text.append(d.text()));
    return text.toString();
  }

  private void refused(Outcome outcome) {
    switch (outcome) {
      case ENDED -> endedElsewhere();
      case OTHER -> fenced();
      case MISSING -> missing = true;
      case COLD -> notBeforeMs = backoff();
      case OK, LATER, NOT_OWNER, EXISTS, LOST ->
          throw new IllegalStateException(phase + ": " + outcome);
    }
  }

  /// The end is in Redis; the record is the only other copy of the question until the owner has it.
  private void confirm(long now) {
    script(
        "view",
        s -> s.view(ref(), Long.MAX_VALUE),
        view -> {
          switch (view) {
            case ViewReply.Cold cold -> notBeforeMs = backoff();
            case ViewReply.Missing gone when ended.isEmpty() -> claimAgain();
            case ViewReply.Missing gone -> {
              missing = true;
              phase = Phase.FINISHING;
            }
            case ViewReply.Found found -> onConfirm(found.turn(), now);
          }
        });
  }

  private void onConfirm(TurnView turn, long now) {
    if (!turn.state().ended()) {
      boolean ours = turn.attempt().equals(attempt) && ended.isPresent();
      phase = ours ? Phase.FINISHING : Phase.CLAIMING;
    } else if (turn.got() || turn.state().closed() || now >= confirmUntilMs) {
      phase = Phase.ACKING;
      step();
    } else {
      notBeforeMs = now + limits.gotPollMs();
    }
  }

  private void handOver() {
    script(
        "handOver",
        s -> s.handOver(ref(), attempt),
        outcome -> {
          switch (outcome) {
            case OK, OTHER -> phase = Phase.RELEASING;
            case MISSING, COLD -> {
              if (ports.nowMs() < giveBackUntilMs) {
                notBeforeMs = backoff();
              } else {
                phase = Phase.RELEASING;
              }
            }
            case ENDED -> endedElsewhere();
            case LATER, NOT_OWNER, EXISTS, LOST ->
                throw new IllegalStateException("handOver: " + outcome);
          }
        });
  }

  private void acknowledge(boolean accept) {
    if (renewing) {
      return;
    }
    if (!held) {
      phase = Phase.CLOSED;
      return;
    }
    acknowledging = true;
    ports.acknowledge(
        accept,
        result -> {
          acknowledging = false;
          held = false;
          phase = Phase.CLOSED;
        });
  }

  private <R> void script(String what, Function<TurnStore, R> script, Consumer<R> then) {
    busy = true;
    notBeforeMs = 0;
    ports
        .store()
        .call(
            what,
            ref(),
            script,
            reply -> {
              busy = false;
              then.accept(reply);
              step();
            },
            () -> {
              busy = false;
              notBeforeMs = backoff();
            });
  }

  private long backoff() {
    long at = ports.nowMs() + backoffMs;
    backoffMs = Math.min(2 * backoffMs, limits.retryMaxMs());
    return at;
  }
}
