package dev.parley.worker.intake;

import dev.parley.shared.turn.Claim;
import dev.parley.shared.turn.ClaimReply;
import dev.parley.shared.turn.ScriptCalls;
import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.turn.TurnState;
import dev.parley.shared.turn.TurnView;
import dev.parley.shared.wire.Prompt;
import dev.parley.shared.wire.Usage;
import dev.parley.shared.wire.Wire;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// This worker's attempt at a turn: under which names it claims the turn, and what became of the claim.
final class Attempt {
  private final Prompt prompt;
  private final String id;
  private final String worker;
  private final String fingerprint;
  private boolean mayOwn;
  private boolean secondAsk;
  private long claimedMs;

  /// @param id random, the fence
  Attempt(Prompt prompt, String id, String worker, String fingerprint) {
    this.prompt = prompt;
    this.id = id;
    this.worker = worker;
    this.fingerprint = fingerprint;
  }

  Prompt prompt() {
    return prompt;
  }

  TurnRef ref() {
    return prompt.ref();
  }

  String id() {
    return id;
  }

  /// Whether a claim was sent, and no answer said that this attempt does not own the turn.
  boolean mayOwn() {
    return mayOwn;
  }

  /// When the claim that made this attempt the owner was sent, ms.
  long claimedMs() {
    return claimedMs;
  }

  /// The turn is to be claimed anew: the next claim is a first ask.
  void askAnew() {
    secondAsk = false;
  }

  /// Another holder has the turn too: the next claim asks for the second time.
  void askAgain() {
    secondAsk = true;
  }

  /// Claims the turn.
  void claim(
      ScriptCalls scripts, PromptPorts ports, IntakeLimits limits, Consumer<ClaimReply> then) {
    claimedMs = ports.nowMs();
    mayOwn = true;
    Claim claim =
        new Claim(
            id,
            worker,
            fingerprint,
            ports.attemptsAtWork(),
            secondAsk,
            limits.maxCrashes(),
            prompt);
    scripts.call(
        "claim",
        s -> s.claim(claim),
        reply -> {
          mayOwn = reply instanceof ClaimReply.Run;
          then.accept(reply);
        });
  }

  /// The running turn as far as a worker knows it; its owner adds the rest.
  TurnView memory(AnswerDraft draft) {
    return new TurnView(
        ref(),
        TurnState.RUNNING,
        Wire.encode(prompt.request()),
        prompt.gateway(),
        0,
        prompt.admittedMs(),
        prompt.deadlineMs(),
        prompt.deliverByMs(),
        id,
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
}
