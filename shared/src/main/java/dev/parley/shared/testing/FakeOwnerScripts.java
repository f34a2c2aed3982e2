package dev.parley.shared.testing;

import dev.parley.shared.turn.Admission;
import dev.parley.shared.turn.AdmitReply;
import dev.parley.shared.turn.HistoryEntry;
import dev.parley.shared.turn.Outcome;
import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.turn.TurnState;
import dev.parley.shared.turn.TurnView;
import dev.parley.shared.wire.ChannelMessage;
import dev.parley.shared.wire.EndReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The scripts of [FakeTurnStore] that gateways run on the turns they own, or want to own.
final class FakeOwnerScripts {
  private final FakeScripts scripts;

  FakeOwnerScripts(FakeScripts scripts) {
    this.scripts = scripts;
  }

  AdmitReply admit(Admission a) {
    if (scripts.cold()) {
      return new AdmitReply.Cold();
    }
    FakeTurn known = scripts.data().turns.get(a.ref());
    if (known != null) {
      return new AdmitReply.Existing(
          known.view(Long.MAX_VALUE), scripts.gatewayAlive(known.gateway));
    }
    if (scripts.young() || scripts.now() >= a.validUntilMs()) {
      return new AdmitReply.Wait();
    }
    List<String> queue = scripts.data().queue(a.ref().conversation());
    if (queue.size() >= a.maxQueue()) {
      if (a.storeRefusal()) {
        FakeTurn refused = create(a, TurnState.FAILED, scripts.now());
        refused.end = Optional.of(EndReason.REFUSED);
        scripts.due(refused, scripts.now());
      }
      return new AdmitReply.Full();
    }
    FakeTurn turn = enqueue(a);
    return new AdmitReply.Admitted(turn.state, queue.size() - 1, turn.admittedMs, turn.deadlineMs);
  }

  /// Creates a turn at the end of the queue.
  private FakeTurn enqueue(Admission a) {
    List<String> queue = scripts.data().queue(a.ref().conversation());
    TurnState state = queue.isEmpty() ? TurnState.READY : TurnState.WAITING;
    FakeTurn turn = create(a, state, admissionMs(a.ref().conversation(), queue));
    queue.add(a.ref().turnId());
    scripts.data().newest.put(a.ref().conversation(), a.ref().turnId());
    scripts.due(turn, scripts.nextCheck(turn));
    return turn;
  }

  /// Now, or just after the last turn in the queue.
  private long admissionMs(String conversation, List<String> queue) {
    FakeTurn last =
        queue.isEmpty()
            ? null
            : scripts.data().turns.get(new TurnRef(conversation, queue.getLast()));
    return last == null ? scripts.now() : Math.max(scripts.now(), last.admittedMs + 1);
  }

  private FakeTurn create(Admission a, TurnState state, long at) {
    long deadline = at + a.answerMs();
    FakeTurn turn =
        new FakeTurn(
            a.ref(), state, a.request(), a.gateway(), at, deadline, deadline + a.deliverMs());
    scripts.data().turns.put(a.ref(), turn);
    return turn;
  }

  Outcome produced(TurnRef ref) {
    return scripts.with(
        ref,
        turn -> {
          if (turn.state != TurnState.READY) {
            return Outcome.LATER;
          }
          scripts.become(turn, TurnState.QUEUED);
          scripts.due(turn, scripts.nextCheck(turn));
          return Outcome.OK;
        });
  }

  Outcome cancel(TurnRef ref) {
    return endAny(ref, TurnState.CANCELLED, EndReason.CANCELLED);
  }

  Outcome expire(TurnRef ref) {
    return scripts.with(
        ref,
        turn ->
            !turn.state.ended() && scripts.now() < turn.deadlineMs
                ? Outcome.LATER
                : endAny(ref, TurnState.EXPIRED, EndReason.EXPIRED));
  }

  Outcome fail(TurnRef ref, EndReason end) {
    return endAny(ref, TurnState.FAILED, end);
  }

  private Outcome endAny(TurnRef ref, TurnState state, EndReason reason) {
    return scripts.with(
        ref,
        turn -> {
          if (turn.state.ended()) {
            return Outcome.ENDED;
          }
          scripts.end(turn, state, reason, true);
          return Outcome.OK;
        });
  }

  Outcome got(TurnRef ref, String gateway) {
    return scripts.withOwner(
        ref,
        gateway,
        turn -> {
          if (!turn.state.ended()) {
            return Outcome.LATER;
          }
          turn.got = true;
          return Outcome.OK;
        });
  }

  Outcome placing(TurnRef ref, String gateway, int part) {
    return scripts.withOwner(
        ref,
        gateway,
        turn -> {
          if (turn.state.closed()) {
            return Outcome.ENDED;
          }
          turn.placing = part + 1;
          return Outcome.OK;
        });
  }

  Outcome placed(TurnRef ref, String gateway, int part, String messageId) {
    return scripts.withOwner(
        ref,
        gateway,
        turn -> {
          turn.placing = 0;
          while (turn.parts.size() <= part) {
            turn.parts.add("");
          }
          turn.parts.set(part, messageId);
          return Outcome.OK;
        });
  }

  Outcome delivered(
      TurnRef ref, String gateway, EndReason end, boolean visible, HistoryEntry history) {
    return scripts.withOwner(
        ref,
        gateway,
        turn -> {
          if (turn.state.closed()) {
            return Outcome.OK;
          }
          if (!turn.state.ended() || !turn.end.equals(Optional.of(end))) {
            return Outcome.LATER;
          }
          if (turn.admittedMs > scripts.data().forgotten.getOrDefault(ref.conversation(), -1L)) {
            scripts.data().remember(ref.conversation(), history, scripts.now());
          }
          scripts.close(turn, visible ? TurnState.DELIVERED : TurnState.UNDELIVERABLE);
          return Outcome.OK;
        });
  }

  Outcome adopt(TurnRef ref, String observed, String gateway, long beat) {
    return scripts.with(
        ref,
        turn -> {
          if (scripts.young()
              || turn.state.closed()
              || !turn.gateway.equals(observed)
              || scripts.gatewayAlive(observed)
              || scripts.data().lastBeat(gateway) != beat) {
            return Outcome.LOST;
          }
          turn.gateway = gateway;
          turn.adoptions++;
          scripts.due(turn, turn.state.ended() ? scripts.now() : scripts.nextCheck(turn));
          return Outcome.OK;
        });
  }

  Outcome assertTurn(TurnView memory) {
    if (scripts.cold()) {
      return Outcome.COLD;
    }
    FakeTurn stored = scripts.data().turns.get(memory.ref());
    if (stored == null) {
      scripts.insert(FakeTurn.from(memory));
      return Outcome.OK;
    }
    boolean owners =
        memory.adoptions() > stored.adoptions
            || (memory.adoptions() == stored.adoptions && memory.gateway().equals(stored.gateway));
    if (!owners || stored.state.closed()) {
      if (owners && memory.state().closed()) {
        renewParts(stored, memory);
      }
      return Outcome.EXISTS;
    }
    renewOwner(stored, memory);
    if (memory.state().ended()) {
      stored.end = memory.end();
      stored.text = memory.text();
      stored.usage = memory.usage();
      stored.got |= memory.got();
      scripts.assertState(stored, memory.end().map(TurnState::of).orElse(memory.state()));
      scripts.due(stored, scripts.now());
    }
    if (memory.state().closed()) {
      scripts.close(stored, memory.state());
    }
    return Outcome.OK;
  }

  private static void renewOwner(FakeTurn stored, TurnView memory) {
    stored.gateway = memory.gateway();
    stored.adoptions = memory.adoptions();
    stored.placing = Math.max(stored.placing, memory.placing());
    renewParts(stored, memory);
  }

  private static void renewParts(FakeTurn stored, TurnView memory) {
    if (memory.parts().size() >= stored.parts.size()) {
      stored.parts = new ArrayList<>(memory.parts());
    }
  }

  Outcome promote(TurnRef ref) {
    return scripts.with(
        ref,
        turn -> {
          FakeTurn head = scripts.data().openHead(ref.conversation());
          if (turn.state != TurnState.WAITING || scripts.young() || head != turn) {
            return Outcome.LATER;
          }
          scripts.releaseNext(ref.conversation());
          return Outcome.OK;
        });
  }

  Outcome requeue(TurnRef ref, long lostAfterMs) {
    return scripts.with(
        ref,
        turn -> {
          if (turn.state != TurnState.RUNNING) {
            return Outcome.LATER;
          }
          if (scripts.atWork(turn)) {
            turn.goneMs = 0;
            return Outcome.LATER;
          }
          if (turn.goneMs == 0) {
            turn.goneMs = scripts.now();
          }
          if (!turn.orphan && scripts.now() - turn.goneMs < lostAfterMs) {
            return Outcome.LATER;
          }
          scripts.release(turn, TurnState.READY);
          return Outcome.OK;
        });
  }

  Outcome retract(TurnRef ref) {
    if (scripts.cold()) {
      return Outcome.COLD;
    }
    FakeShard data = scripts.data();
    FakeTurn turn = data.turns.get(ref);
    if (turn != null && turn.retracted) {
      return Outcome.OK;
    }
    Outcome refused = refused(turn);
    if (turn == null || refused != Outcome.OK) {
      return refused;
    }
    retire(turn);
    turn.retracted = true;
    data.lastOf(ref.conversation())
        .filter(data.turns::containsKey)
        .ifPresentOrElse(
            before -> data.newest.put(ref.conversation(), before.turnId()),
            () -> data.newest.remove(ref.conversation()));
    return Outcome.OK;
  }

  Outcome replace(TurnRef old, Admission successor) {
    if (scripts.cold()) {
      return Outcome.COLD;
    }
    if (scripts.data().turns.containsKey(successor.ref())) {
      return Outcome.EXISTS;
    }
    FakeTurn turn = scripts.data().turns.get(old);
    Outcome refused = scripts.now() >= successor.validUntilMs() ? Outcome.COLD : refused(turn);
    if (turn == null || refused != Outcome.OK) {
      return refused;
    }
    retire(turn);
    FakeTurn next = enqueue(successor);
    next.parts = scripts.handedOver(turn);
    return Outcome.OK;
  }

  /// Why a turn cannot be ended silently; OK when it can.
  private Outcome refused(@Nullable FakeTurn turn) {
    if (scripts.young()) {
      return Outcome.COLD;
    }
    if (turn == null) {
      return Outcome.MISSING;
    }
    if (turn.retracted || !scripts.data().isNewest(turn.ref)) {
      return Outcome.LOST;
    }
    return scripts.sending(turn) ? Outcome.LATER : Outcome.OK;
  }

  private void retire(FakeTurn turn) {
    if (!turn.state.ended()) {
      scripts.end(turn, TurnState.CANCELLED, EndReason.CANCELLED, true);
    } else if (!turn.state.closed()) {
      scripts.tellOwner(turn, new ChannelMessage.Ended(turn.ref));
    }
    scripts.data().forget(turn.ref);
    if (!turn.state.closed()) {
      scripts.close(turn, TurnState.DELIVERED);
    }
  }
}
