package dev.parley.worker.intake;

import dev.parley.shared.turn.AppendReply;
import dev.parley.shared.turn.Claim;
import dev.parley.shared.turn.ClaimReply;
import dev.parley.shared.turn.Outcome;
import dev.parley.shared.turn.ScriptCalls;
import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.turn.TurnState;
import dev.parley.shared.turn.TurnStore;
import dev.parley.shared.turn.TurnView;
import dev.parley.shared.turn.ViewReply;
import dev.parley.shared.wire.EndReason;
import dev.parley.shared.wire.Prompt;
import dev.parley.shared.wire.Usage;
import dev.parley.shared.wire.Wire;
import java.util.List;
import java.util.Optional;

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

  private final Prompt prompt;
  private final String attempt;
  private final String worker;
  private final String fingerprint;
  private final PromptPorts ports;
  private final IntakeLimits limits;
  private final AnswerDraft draft = new AnswerDraft();
  private final Generation generation;
  private final RecordHold record;
  private final ScriptCalls scripts;

  private Phase phase = Phase.CLAIMING;
  private boolean appending;

  /// A claim was sent, and no answer said that this attempt does not own the turn.
  private boolean mayOwn;

  /// Another holder has the turn too: the next claim asks for the second time.
  private boolean secondAsk;

  /// The store has lost the turn: restore it before anything else.
  private boolean missing;

  private boolean draining;

  /// Two attempts died on it: nothing else may be claimed by this worker while it runs.
  private boolean suspect;

  /// A suspect whose neighbours have not all given way yet.
  private boolean awaitAlone;

  private long steppedMs = Long.MIN_VALUE;
  private long nextFlushMs;
  private long nextCheckMs;
  private long confirmUntilMs;
  private long giveBackUntilMs;

  /// When the claim that made this attempt the owner was sent.
  private long claimedMs;

  /// A record that was just polled.
  ///
  /// @param attempt random, the fence
  public HeldPrompt(
      Prompt prompt,
      String attempt,
      String worker,
      String fingerprint,
      PromptPorts ports,
      IntakeLimits limits) {
    this.prompt = prompt;
    this.attempt = attempt;
    this.worker = worker;
    this.fingerprint = fingerprint;
    this.ports = ports;
    this.limits = limits;
    this.generation = new Generation(ports, attempt);
    this.record = new RecordHold(ports, limits);
    this.scripts =
        new ScriptCalls(
            ports.store(),
            prompt.ref(),
            ports::nowMs,
            limits.retryMs(),
            limits.retryMaxMs(),
            this::step);
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
    return draft.last();
  }

  // ---- what arrives

  /// New tokens from the engine.
  public void onTokens(String id, List<Integer> ids, String text) {
    if (generation.is(id)) {
      draft.add(ids, text);
      step();
    }
  }

  /// The engine begins the answer anew; what was shown is void.
  public void onRestarted(String id) {
    if (generation.is(id)) {
      generation.restarted();
      step();
    }
  }

  /// The engine is through with it.
  public void onEnded(String id, EndReason reason, Usage total) {
    if (!generation.is(id)) {
      return;
    }
    if (reason == EndReason.CANCELLED) {
      // Not our doing, or ours while the reply was under way: the record says what to do.
      claimAgain();
    } else {
      generation.ended(reason, total);
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
      case CLAIMING -> scripts.busy();
      case CONFIRMING, RELEASING, ACKING, CLOSED -> false;
    };
  }

  public boolean suspect() {
    return suspect && phase != Phase.CLOSED;
  }

  /// Hands over to another worker, for a suspect to run alone here; what is all but done stays.
  public void giveWay() {
    boolean unfinished = phase == Phase.RUNNING && generation.ended().isEmpty();
    if (!draining && (unfinished || (phase == Phase.CLAIMING && !scripts.busy()))) {
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
    long next = Math.min(record.nextMs(), scripts.nextMs(steppedMs));
    if (phase == Phase.RUNNING && !scripts.busy()) {
      next = Math.min(next, nextCheckMs);
    }
    if (phase == Phase.RUNNING && !appending && draft.open()) {
      next = Math.min(next, nextFlushMs);
    }
    return next;
  }

  /// Whether the answer is not generated yet: it has a slot of the engine, or will take one.
  public boolean wantsSlot() {
    return phase == Phase.CLAIMING || (phase == Phase.RUNNING && generation.ended().isEmpty());
  }

  /// Does what is due.
  public void step() {
    long now = ports.nowMs();
    steppedMs = now;
    if (phase == Phase.CLOSED || record.ending()) {
      return;
    }
    record.keep(now, this::step);
    if (!scripts.mayGo(now)) {
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

  // ---- claiming

  private void claim() {
    if (!record.held()) {
      giveBack();
      step();
      return;
    }
    if (draining && !generation.exists() && draft.isEmpty()) {
      phase = mayOwn ? Phase.HANDING_OVER : Phase.RELEASING;
      step();
      return;
    }
    if (!ports.mayClaim()) {
      scripts.pause(limits.retryMs());
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
    scripts.call("claim", s -> s.claim(claim), this::onClaim);
  }

  private void onClaim(ClaimReply reply) {
    mayOwn = reply instanceof ClaimReply.Run;
    switch (reply) {
      case ClaimReply.Run run -> onRun(run);
      case ClaimReply.Wait wait -> {
        secondAsk = true;
        scripts.pause(limits.leaseMs());
      }
      case ClaimReply.Cold cold -> scripts.backOff();
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
    if (generation.exists() && draft.continues(run.deltas(), run.restarts())) {
      draft.stored(run.deltas().size());
      return;
    }
    generation.stop();
    generation.forget();
    draft.replace(run.deltas(), run.restarts());
    suspect = run.alone();
    awaitAlone = suspect;
    if (!suspect) {
      generate();
    }
  }

  private void generate() {
    if (!draining) {
      generation.begin(prompt, draft.deltas(), suspect);
    }
  }

  /// Waits until nothing else of this worker would die with the suspect; of two, one gives way.
  private void becomeAlone() {
    if (!ports.mayClaim()) {
      giveWay();
    } else if (ports.alone()) {
      awaitAlone = false;
      generate();
    } else {
      scripts.pause(limits.coalesceMs());
    }
  }

  /// Another attempt owns the turn, or Redis forgot that ours does: the claim tells. The engine goes
  /// on meanwhile, for the second case.
  private void fenced() {
    ports.counters().fenced();
    if (record.held()) {
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
    generation.stop();
    phase = Phase.HANDING_OVER;
    giveBackUntilMs = ports.nowMs() + TurnStore.REBUILD_MS + limits.leaseMs();
  }

  private void claimAgain() {
    generation.stop();
    phase = Phase.CLAIMING;
    secondAsk = false;
  }

  /// Cancelled, expired, or finished by an attempt that is gone: the record is still the second copy
  /// of the question until the owner has the end.
  private void endedElsewhere() {
    generation.stop();
    generation.forget();
    awaitGot();
  }

  private void letGo() {
    generation.stop();
    phase = Phase.ACKING;
  }

  // ---- writing

  private void run(long now) {
    if (appending) {
      return;
    }
    if (awaitAlone && !draining) {
      becomeAlone();
      return;
    }
    if (generation.restarts()) {
      scripts.call("restart", s -> s.restart(ref(), attempt), this::onRestart);
      return;
    }
    if (draining && generation.ended().isEmpty()) {
      generation.stop();
      draft.number();
    }
    if (now >= nextFlushMs || generation.ended().isPresent()) {
      draft.number();
    }
    if (!draft.allStored()) {
      nextCheckMs = now + limits.checkMs();
      append(now);
    } else if (generation.ended().isPresent() && !draft.open()) {
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
    scripts.call(
        "view",
        s -> s.view(ref(), Long.MAX_VALUE),
        view -> {
          switch (view) {
            case ViewReply.Cold cold -> scripts.backOff();
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

  private void append(long now) {
    appending = true;
    nextFlushMs = now + limits.coalesceMs();
    int edition = draft.edition();
    long last = draft.last();
    ports.append(
        new TurnStore.Append(ref(), attempt, draft.unstored()),
        reply -> {
          appending = false;
          if (edition == draft.edition()) {
            onAppend(reply, last);
          }
          step();
        },
        () -> {
          appending = false;
          scripts.backOff();
        });
  }

  private void onAppend(AppendReply reply, long last) {
    if (phase != Phase.RUNNING) {
      return;
    }
    switch (reply) {
      case AppendReply.Ok ok -> {
        draft.stored(last);
        scripts.recovered();
      }
      case AppendReply.Gap gap -> {
        ports.counters().gapResent();
        draft.stored(gap.stored());
      }
      case AppendReply.Other other -> fenced();
      case AppendReply.Ended end -> endedElsewhere();
      case AppendReply.Missing gone -> missing = true;
      case AppendReply.Cold cold -> scripts.backOff();
    }
  }

  private void onRestart(Outcome outcome) {
    if (outcome == Outcome.OK) {
      generation.restartTold();
      draft.restart();
    } else {
      refused(outcome);
    }
  }

  private void restore() {
    TurnView remembered = memory();
    long since = claimedMs;
    scripts.call(
        "restore",
        s -> s.restore(remembered, ports.livenessAgeMs(since)),
        outcome -> {
          switch (outcome) {
            case OK -> {
              missing = false;
              ports.counters().restored();
              draft.stored(draft.last());
            }
            case EXISTS, LOST -> {
              missing = false;
              fenced();
            }
            case COLD -> scripts.backOff();
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
        draft.restarts(),
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
        draft.deltas());
  }

  // ---- the end

  private void finish() {
    EndReason reason = generation.ended().orElseThrow();
    String text = draft.text();
    Usage total = generation.usage();
    scripts.call(
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
    scripts.pause(limits.gotPollMs() / 2);
  }

  private void refused(Outcome outcome) {
    switch (outcome) {
      case ENDED -> endedElsewhere();
      case OTHER -> fenced();
      case MISSING -> missing = true;
      case COLD -> scripts.backOff();
      case OK, LATER, NOT_OWNER, EXISTS, LOST ->
          throw new IllegalStateException(phase + ": " + outcome);
    }
  }

  /// The end is in Redis; the record is the only other copy of the question until the owner has it.
  private void confirm(long now) {
    scripts.call(
        "view",
        s -> s.view(ref(), Long.MAX_VALUE),
        view -> {
          switch (view) {
            case ViewReply.Cold cold -> scripts.backOff();
            case ViewReply.Missing gone when generation.ended().isEmpty() -> claimAgain();
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
      boolean ours = turn.attempt().equals(attempt) && generation.ended().isPresent();
      phase = ours ? Phase.FINISHING : Phase.CLAIMING;
    } else if (turn.got() || turn.state().closed() || now >= confirmUntilMs) {
      phase = Phase.ACKING;
      step();
    } else {
      scripts.pause(limits.gotPollMs());
    }
  }

  private void handOver() {
    scripts.call(
        "handOver",
        s -> s.handOver(ref(), attempt),
        outcome -> {
          switch (outcome) {
            case OK, OTHER -> phase = Phase.RELEASING;
            case MISSING, COLD -> {
              if (ports.nowMs() < giveBackUntilMs) {
                scripts.backOff();
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
    if (!record.renewing()) {
      record.end(accept, () -> phase = Phase.CLOSED);
    }
  }
}
