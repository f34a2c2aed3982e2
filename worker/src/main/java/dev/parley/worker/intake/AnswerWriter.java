package dev.parley.worker.intake;

import dev.parley.shared.turn.AppendReply;
import dev.parley.shared.turn.Outcome;
import dev.parley.shared.turn.ScriptCalls;
import dev.parley.shared.turn.TurnStore;
import dev.parley.shared.turn.TurnView;
import dev.parley.shared.turn.ViewReply;
import dev.parley.shared.wire.EndReason;
import dev.parley.shared.wire.Usage;

/// Brings an attempt's answer into the record of its turn: what the engine wrote, that it began anew, how it ended.
/// Looks at the record when there is nothing to write, and puts it back when the store has lost it.
final class AnswerWriter {
  private final HeldPrompt prompt;
  private final Attempt attempt;
  private final AnswerDraft draft;
  private final Generation generation;
  private final ScriptCalls scripts;
  private final PromptPorts ports;
  private final IntakeLimits limits;
  private boolean appending;
  private boolean missing;
  private long nextFlushMs;
  private long nextCheckMs;

  AnswerWriter(
      HeldPrompt prompt,
      Attempt attempt,
      AnswerDraft draft,
      Generation generation,
      ScriptCalls scripts,
      PromptPorts ports,
      IntakeLimits limits) {
    this.prompt = prompt;
    this.attempt = attempt;
    this.draft = draft;
    this.generation = generation;
    this.scripts = scripts;
    this.ports = ports;
    this.limits = limits;
  }

  /// Whether an append is under way.
  boolean appending() {
    return appending;
  }

  /// Whether the store has lost the turn: it is put back before anything else.
  boolean missing() {
    return missing;
  }

  /// The store has lost the turn.
  void lost() {
    missing = true;
  }

  /// The turn is ours.
  void claimed() {
    missing = false;
    nextCheckMs = ports.nowMs() + limits.checkMs();
  }

  /// When a running turn wants to be stepped at the latest, ms.
  long nextMs() {
    long next = scripts.busy() ? Long.MAX_VALUE : nextCheckMs;
    return !appending && draft.open() ? Math.min(next, nextFlushMs) : next;
  }

  /// Sends what is due.
  ///
  /// @param all whether nothing more will come: what is open does not wait for company
  /// @return false when the store has all that has a number
  boolean append(long now, boolean all) {
    if (now >= nextFlushMs || all) {
      draft.number();
    }
    if (draft.allStored()) {
      return false;
    }
    appending = true;
    nextCheckMs = now + limits.checkMs();
    nextFlushMs = now + limits.coalesceMs();
    int edition = draft.edition();
    long last = draft.last();
    ports.append(
        new TurnStore.Append(attempt.ref(), attempt.id(), draft.unstored()),
        reply -> {
          appending = false;
          if (edition == draft.edition() && prompt.running()) {
            onAppend(reply, last);
          }
          prompt.step();
        },
        () -> {
          appending = false;
          scripts.backOff();
        });
    return true;
  }

  private void onAppend(AppendReply reply, long last) {
    switch (reply) {
      case AppendReply.Ok ok -> {
        draft.stored(last);
        scripts.recovered();
      }
      case AppendReply.Gap gap -> {
        ports.counters().gapResent();
        draft.stored(gap.stored());
      }
      case AppendReply.Other other -> prompt.fenced();
      case AppendReply.Ended end -> prompt.endedElsewhere();
      case AppendReply.Missing gone -> missing = true;
      case AppendReply.Cold cold -> scripts.backOff();
    }
  }

  /// When the engine has been silent for long: the message that the turn ended may have been lost.
  void look(long now) {
    if (now < nextCheckMs) {
      return;
    }
    nextCheckMs = now + limits.checkMs();
    scripts.call(
        "view",
        s -> s.view(attempt.ref(), Long.MAX_VALUE),
        view -> {
          switch (view) {
            case ViewReply.Cold cold -> scripts.backOff();
            case ViewReply.Missing gone -> missing = true;
            case ViewReply.Found found -> {
              if (found.turn().state().ended()) {
                prompt.endedElsewhere();
              } else if (!found.turn().attempt().equals(attempt.id())) {
                prompt.fenced();
              }
            }
          }
        });
  }

  /// The engine has begun the answer anew.
  void restart() {
    scripts.call(
        "restart",
        s -> s.restart(attempt.ref(), attempt.id(), draft.restarts()),
        outcome -> {
          if (outcome == Outcome.OK) {
            generation.restartTold();
            draft.restart();
          } else {
            refused("restart", outcome);
          }
        });
  }

  /// The answer is complete, or there is none.
  void finish() {
    EndReason reason = generation.ended().orElseThrow();
    String text = draft.text();
    Usage total = generation.usage();
    scripts.call(
        "finish",
        s ->
            reason.answered()
                ? s.finish(attempt.ref(), attempt.id(), text, reason, total)
                : s.failAttempt(attempt.ref(), attempt.id(), reason),
        outcome -> {
          if (outcome == Outcome.OK) {
            prompt.awaitGot();
          } else {
            refused("finish", outcome);
          }
        });
  }

  private void refused(String what, Outcome outcome) {
    switch (outcome) {
      case ENDED -> prompt.endedElsewhere();
      case OTHER -> prompt.fenced();
      case MISSING -> missing = true;
      case COLD -> scripts.backOff();
      case OK, LATER, NOT_OWNER, EXISTS, LOST ->
          throw new IllegalStateException(what + ": " + outcome);
    }
  }

  /// Puts the turn back that the store has lost.
  void restore() {
    TurnView remembered = attempt.memory(draft);
    long since = attempt.claimedMs();
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
              prompt.fenced();
            }
            case COLD -> scripts.backOff();
            case LATER, ENDED, OTHER, NOT_OWNER, MISSING ->
                throw new IllegalStateException("restore: " + outcome);
          }
        });
  }
}
