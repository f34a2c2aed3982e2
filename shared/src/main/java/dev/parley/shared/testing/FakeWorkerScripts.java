package dev.parley.shared.testing;

import dev.parley.shared.turn.AppendReply;
import dev.parley.shared.turn.Claim;
import dev.parley.shared.turn.ClaimReply;
import dev.parley.shared.turn.Outcome;
import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.turn.TurnState;
import dev.parley.shared.turn.TurnStore;
import dev.parley.shared.turn.TurnView;
import dev.parley.shared.wire.ChannelMessage;
import dev.parley.shared.wire.Delta;
import dev.parley.shared.wire.EndReason;
import dev.parley.shared.wire.Usage;
import dev.parley.shared.wire.Wire;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// The scripts of [FakeTurnStore] that a worker runs for its attempt.
final class FakeWorkerScripts {
  private final FakeScripts scripts;

  FakeWorkerScripts(FakeScripts scripts) {
    this.scripts = scripts;
  }

  ClaimReply claim(Claim claim) {
    if (scripts.cold()) {
      return new ClaimReply.Cold();
    }
    FakeTurn turn = scripts.data().turns.get(claim.ref());
    if (turn == null) {
      if (scripts.young()) {
        return new ClaimReply.Wait();
      }
      if (scripts.now() > claim.prompt().deadlineMs()) {
        return new ClaimReply.TooOld();
      }
      turn = fromPrompt(claim);
    }
    if (turn.state.ended()) {
      return new ClaimReply.Ended(turn.state);
    }
    if (scripts.now() >= turn.deadlineMs) {
      scripts.end(turn, TurnState.EXPIRED, EndReason.EXPIRED, true);
      return new ClaimReply.Ended(turn.state);
    }
    return claimOpen(claim, turn);
  }

  private ClaimReply claimOpen(Claim claim, FakeTurn turn) {
    if (turn.state == TurnState.WAITING) {
      return scripts.young() || !claim.secondAsk() ? new ClaimReply.Wait() : new ClaimReply.Drop();
    }
    boolean running = turn.state == TurnState.RUNNING;
    boolean again = running && turn.attempt.equals(claim.attempt());
    if (!again) {
      if (running && rivalLives(claim, turn)) {
        if (!claim.secondAsk()) {
          return new ClaimReply.Wait();
        }
        turn.orphan = true;
        return new ClaimReply.Drop();
      }
      if (turn.starts - turn.yields >= claim.maxCrashes()) {
        scripts.end(turn, TurnState.FAILED, EndReason.POISON, true);
        return new ClaimReply.Ended(turn.state);
      }
      start(claim, turn);
    }
    return new ClaimReply.Run(turn.deltas, turn.restarts, turn.starts - turn.yields > 2);
  }

  private boolean rivalLives(Claim claim, FakeTurn turn) {
    boolean own = turn.worker.equals(claim.worker());
    if (!claim.secondAsk()) {
      return own || scripts.data().workerUntil.containsKey(turn.worker);
    }
    return own ? claim.atWork().contains(turn.attempt) : scripts.atWork(turn);
  }

  private void start(Claim claim, FakeTurn turn) {
    scripts.become(turn, TurnState.RUNNING);
    turn.attempt = claim.attempt();
    turn.worker = claim.worker();
    turn.starts++;
    turn.orphan = false;
    turn.goneMs = 0;
    if (!turn.deltas.isEmpty() && !turn.fingerprint.equals(claim.fingerprint())) {
      turn.deltas = new ArrayList<>();
      turn.restarts++;
    }
    turn.fingerprint = claim.fingerprint();
    scripts.refreshWorker(claim.worker(), claim.atWork());
    scripts.due(turn, scripts.nextCheck(turn));
  }

  private FakeTurn fromPrompt(Claim claim) {
    var p = claim.prompt();
    FakeTurn turn =
        new FakeTurn(
            p.ref(),
            TurnState.QUEUED,
            Wire.encode(p.request()),
            p.gateway(),
            p.admittedMs(),
            p.deadlineMs(),
            p.deliverByMs());
    scripts.insert(turn);
    return turn;
  }

  AppendReply append(TurnRef ref, String attempt, List<Delta> deltas) {
    if (scripts.cold()) {
      return new AppendReply.Cold();
    }
    FakeTurn turn = scripts.data().turns.get(ref);
    if (turn == null) {
      return new AppendReply.Missing();
    }
    if (turn.state.ended()) {
      return new AppendReply.Ended();
    }
    if (turn.state != TurnState.RUNNING || !turn.attempt.equals(attempt)) {
      return new AppendReply.Other();
    }
    long stored = turn.lastDelta();
    if (deltas.getFirst().n() > stored + 1) {
      return new AppendReply.Gap(stored);
    }
    List<Delta> fresh = deltas.stream().filter(d -> d.n() > stored).toList();
    if (!fresh.isEmpty()) {
      turn.deltas.addAll(fresh);
      scripts.tellOwner(
          turn, new ChannelMessage.Deltas(ref, attempt, turn.worker, turn.restarts, fresh));
    }
    return new AppendReply.Ok();
  }

  Outcome restart(TurnRef ref, String attempt, long restarts) {
    return scripts.withAttempt(
        ref,
        attempt,
        turn -> {
          if (turn.restarts <= restarts) {
            turn.deltas = new ArrayList<>();
            turn.restarts = restarts + 1;
          }
          return Outcome.OK;
        });
  }

  Outcome restore(TurnView memory, long livenessAgeMs) {
    if (scripts.cold()) {
      return Outcome.COLD;
    }
    if (scripts.data().turns.containsKey(memory.ref())) {
      return Outcome.EXISTS;
    }
    if (livenessAgeMs >= TurnStore.WORKER_LEASE_MS) {
      return Outcome.LOST;
    }
    FakeTurn turn = FakeTurn.from(memory);
    turn.state = TurnState.RUNNING;
    scripts.insert(turn);
    return Outcome.OK;
  }

  Outcome finish(TurnRef ref, String attempt, String text, EndReason end, Usage usage) {
    return endAttempt(
        ref,
        attempt,
        TurnState.DONE,
        turn -> {
          turn.text = text;
          turn.end = Optional.of(end);
          turn.usage = usage;
        });
  }

  Outcome failAttempt(TurnRef ref, String attempt, EndReason end) {
    return endAttempt(
        ref,
        attempt,
        TurnState.FAILED,
        turn -> {
          turn.text = turn.textSoFar();
          turn.end = Optional.of(end);
        });
  }

  private Outcome endAttempt(TurnRef ref, String attempt, TurnState state, Consumer<FakeTurn> how) {
    return scripts.with(
        ref,
        turn -> {
          if (turn.state == state && turn.attempt.equals(attempt)) {
            return Outcome.OK;
          }
          if (turn.state.ended()) {
            return Outcome.ENDED;
          }
          if (turn.state != TurnState.RUNNING || !turn.attempt.equals(attempt)) {
            return Outcome.OTHER;
          }
          how.accept(turn);
          scripts.become(turn, state);
          scripts.ended(turn, false);
          return Outcome.OK;
        });
  }

  Outcome handOver(TurnRef ref, String attempt) {
    return scripts.withAttempt(
        ref,
        attempt,
        turn -> {
          turn.yields++;
          scripts.release(turn, turn.orphan ? TurnState.READY : TurnState.QUEUED);
          return Outcome.OK;
        });
  }
}
