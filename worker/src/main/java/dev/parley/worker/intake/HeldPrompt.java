package dev.parley.worker.intake;

import dev.parley.shared.turn.ClaimReply;
import dev.parley.shared.turn.ScriptCalls;
import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.turn.TurnStore;
import dev.parley.shared.turn.TurnView;
import dev.parley.shared.turn.ViewReply;
import dev.parley.shared.wire.EndReason;
import dev.parley.shared.wire.Prompt;
import dev.parley.shared.wire.TokenLogprob;
import dev.parley.shared.wire.Usage;
import java.util.List;

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
/// brings replies back onto the same thread. [Attempt] claims, [Generation] and [AnswerDraft] have the answer,
/// [AnswerWriter] writes it, [RecordHold] keeps the record.
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

  private final PromptPorts ports;
  private final IntakeLimits limits;
  private final Attempt attempt;
  private final AnswerDraft draft = new AnswerDraft();
  private final Generation generation;
  private final RecordHold record;
  private final ScriptCalls scripts;
  private final AnswerWriter writer;

  private Phase phase = Phase.CLAIMING;
  private boolean draining;

  /// Two attempts died on it: nothing else may be claimed by this worker while it runs.
  private boolean suspect;

  /// A suspect whose neighbours have not all given way yet.
  private boolean awaitAlone;

  private long steppedMs = Long.MIN_VALUE;
  private long confirmUntilMs;
  private long giveBackUntilMs;

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
    this.ports = ports;
    this.limits = limits;
    this.attempt = new Attempt(prompt, attempt, worker, fingerprint);
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
    this.writer = new AnswerWriter(this, this.attempt, draft, generation, scripts, ports, limits);
  }

  public TurnRef ref() {
    return attempt.ref();
  }

  public String attempt() {
    return attempt.id();
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
  ///
  /// @param logprobs one for each of `ids` if the request wants them, else none
  public void onTokens(String id, List<Integer> ids, String text, List<TokenLogprob> logprobs) {
    if (generation.is(id)) {
      draft.add(ids, text, logprobs);
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
    if (cancelledAttempt.equals(attempt.id()) && phase == Phase.RUNNING) {
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
    return phase == Phase.RUNNING ? Math.min(next, writer.nextMs()) : next;
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
    if (writer.missing() && (phase == Phase.RUNNING || phase == Phase.FINISHING)) {
      writer.restore();
      return;
    }
    switch (phase) {
      case CLAIMING -> claim();
      case RUNNING -> run(now);
      case FINISHING -> writer.finish();
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
      phase = attempt.mayOwn() ? Phase.HANDING_OVER : Phase.RELEASING;
      step();
      return;
    }
    if (!ports.mayClaim()) {
      scripts.pause(limits.retryMs());
      return;
    }
    attempt.claim(scripts, ports, limits, this::onClaim);
  }

  private void onClaim(ClaimReply reply) {
    switch (reply) {
      case ClaimReply.Run run -> onRun(run);
      case ClaimReply.Wait wait -> {
        attempt.askAgain();
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
    attempt.askAnew();
    writer.claimed();
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
      generation.begin(attempt.prompt(), draft.deltas(), suspect);
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
  void fenced() {
    ports.counters().fenced();
    if (record.held()) {
      phase = Phase.CLAIMING;
      attempt.askAnew();
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
    attempt.askAnew();
  }

  /// Cancelled, expired, or finished by an attempt that is gone: the record is still the second copy
  /// of the question until the owner has the end.
  void endedElsewhere() {
    generation.stop();
    generation.forget();
    awaitGot();
  }

  private void letGo() {
    generation.stop();
    phase = Phase.ACKING;
  }

  // ---- writing

  /// Whether the answer is still being written.
  boolean running() {
    return phase == Phase.RUNNING;
  }

  private void run(long now) {
    if (writer.appending()) {
      return;
    }
    if (awaitAlone && !draining) {
      becomeAlone();
      return;
    }
    if (generation.restarts()) {
      writer.restart();
      return;
    }
    boolean ended = generation.ended().isPresent();
    if (draining && !ended) {
      generation.stop();
      draft.number();
    }
    if (writer.append(now, ended)) {
      return;
    }
    if (ended && !draft.open()) {
      phase = Phase.FINISHING;
      step();
    } else if (draining) {
      phase = Phase.HANDING_OVER;
      step();
    } else {
      writer.look(now);
    }
  }

  // ---- the end

  /// The end is in Redis: the record is kept until the owner has it.
  void awaitGot() {
    phase = Phase.CONFIRMING;
    confirmUntilMs = ports.nowMs() + limits.gotMs();
    scripts.pause(limits.gotPollMs() / 2);
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
              writer.lost();
              phase = Phase.FINISHING;
            }
            case ViewReply.Found found -> onConfirm(found.turn(), now);
          }
        });
  }

  private void onConfirm(TurnView turn, long now) {
    if (!turn.state().ended()) {
      boolean ours = turn.attempt().equals(attempt.id()) && generation.ended().isPresent();
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
        s -> s.handOver(ref(), attempt.id()),
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
