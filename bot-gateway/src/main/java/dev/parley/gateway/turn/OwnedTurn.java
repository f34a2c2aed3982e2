package dev.parley.gateway.turn;

import dev.parley.gateway.chat.TurnEvent;
import dev.parley.gateway.conversation.PastExchange;
import dev.parley.gateway.conversation.PromptBuilder;
import dev.parley.gateway.reply.VisibleReply;
import dev.parley.shared.turn.HistoryEntry;
import dev.parley.shared.turn.Outcome;
import dev.parley.shared.turn.ScriptCalls;
import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.turn.TurnState;
import dev.parley.shared.turn.TurnStore;
import dev.parley.shared.turn.TurnView;
import dev.parley.shared.turn.ViewReply;
import dev.parley.shared.wire.ChannelMessage;
import dev.parley.shared.wire.Delta;
import dev.parley.shared.wire.EndReason;
import dev.parley.shared.wire.Prompt;
import dev.parley.shared.wire.TurnRequest;
import dev.parley.shared.wire.Wire;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/// One admitted turn in the hands of its owner, from READY or WAITING to closed.
///
/// Whatever arrives (a delta, a doorbell, a reply, the time) only changes what is known; [#step] then
/// makes the one call that is most wanted, at most one at a time, and repeats it while its outcome is
/// unknown:
///
/// ```
/// not ended:  put back (assert) > read what changed > cancel > expire > dispatch > read again
/// ended:      put back (assert) > got > final text shown > delivered > closed
/// ```
///
/// Not thread-safe.
final class OwnedTurn implements VisibleReply.Turn {

  /// Who is told about the fate of the turn itself.
  interface Owner {
    GatewayLease lease();

    /// Another gateway owns it now.
    void lost(OwnedTurn turn);

    void closed(OwnedTurn turn);

    /// Redis knows less than this gateway: it was emptied or rolled back.
    void suspect();

    /// Whether this gateway still owns an earlier turn of the same conversation. The store releases
    /// turns in order; this holds also while it has forgotten some.
    boolean comesLater(OwnedTurn turn);
  }

  private final TurnPorts ports;
  private final Owner owner;
  private final TurnMemory memory;
  private final TurnRequest request;
  private final Watchers watchers = new Watchers();
  private final Optional<VisibleReply> reply;
  private final ScriptCalls scripts;
  private boolean producing;
  private boolean over;
  private boolean putBack;
  private boolean cancelAsked;
  private boolean inQueue;
  private boolean reread;
  private boolean rereadAll;
  private long nextRereadMs;

  /// [GatewayLease#liveness] when the store was last asked and said that the turn is ours.
  private int confirmedIn;

  private OwnedTurn(
      TurnPorts ports, Owner owner, TurnMemory memory, boolean adopted, int confirmedIn) {
    this.ports = ports;
    this.owner = owner;
    this.memory = memory;
    this.confirmedIn = confirmedIn;
    this.request = Wire.decodeRequest(memory.request);
    this.scripts =
        new ScriptCalls(
            ports.store(),
            memory.ref,
            ports::now,
            ports.limits().retryMs(),
            ports.limits().retryMaxMs(),
            this::step);
    this.nextRereadMs = ports.now() + ports.limits().rereadMs();
    this.cancelAsked = adopted && !request.reply().adoptable();
    this.inQueue = memory.state.compareTo(TurnState.QUEUED) >= 0;
    this.reply =
        ports
            .platforms()
            .apply(request.reply())
            .map(platform ->
                adopted
                    ? VisibleReply.adopted(
                        this,
                        platform,
                        ports.store(),
                        ports.replyLimits(),
                        memory.placing > 0,
                        ports.now())
                    : new VisibleReply(
                        this, platform, ports.store(), ports.replyLimits(), ports.now()));
  }

  /// @param askedIn [GatewayLease#liveness] when the store was asked to admit it
  static OwnedTurn admitted(TurnPorts ports, Owner owner, TurnMemory memory, int askedIn) {
    return new OwnedTurn(ports, owner, memory, false, askedIn);
  }

  /// @param askedIn [GatewayLease#liveness] when the store was asked for it
  static OwnedTurn adopted(TurnPorts ports, Owner owner, TurnMemory memory, int askedIn) {
    OwnedTurn turn = new OwnedTurn(ports, owner, memory, true, askedIn);
    turn.reread = true;
    return turn;
  }

  TurnMemory memory() {
    return memory;
  }

  Watchers watchers() {
    return watchers;
  }

  // ---- what arrives

  void onDeltas(ChannelMessage.Deltas message) {
    if (over || memory.state.ended()) {
      return;
    }
    if (message.restarts() > memory.restarts) {
      if (message.deltas().getFirst().n() != 1) {
        rereadAll = true;
        return;
      }
      restart(message.restarts());
    } else if (message.restarts() < memory.restarts) {
      return;
    }
    memory.hear(message.attempt(), message.worker());
    take(message.deltas());
  }

  private void take(List<Delta> deltas) {
    for (Delta delta : deltas) {
      if (delta.n() > memory.lastDelta() + 1) {
        ports.counters().gapRepaired();
        reread = true;
        return;
      }
      if (delta.n() == memory.lastDelta() + 1) {
        int offset = memory.shownLength();
        memory.add(delta);
        nextRereadMs = ports.now() + ports.limits().rereadMs();
        if (!delta.text().isEmpty()) {
          watchers.tell(new TurnEvent.Text(delta.text(), offset));
        }
      } else if (!memory.agrees(delta)) {
        // Redis was rolled back and another attempt went on from what was left.
        ports.counters().gapRepaired();
        rereadAll = true;
        return;
      }
    }
  }

  private void restart(long restarts) {
    memory.restart(restarts);
    ports.counters().restarted();
    watchers.tell(new TurnEvent.Restarted(""));
  }

  /// The record changed in a way that only reading it tells.
  void onDoorbell() {
    reread = true;
  }

  void onReady() {
    if (memory.state == TurnState.WAITING) {
      memory.state = TurnState.READY;
      inQueue = false;
      watchers.tell(new TurnEvent.Position(0));
    } else {
      reread = true;
    }
  }

  void onSuspect() {
    putBack = true;
  }

  void onCancel() {
    cancelAsked = true;
  }

  // ---- what is done

  /// Makes the call that is due.
  void step() {
    if (over) {
      return;
    }
    long now = ports.now();
    reply.ifPresent(r -> r.step(now));
    if (producing || over || !scripts.mayGo(now)) {
      return;
    }
    if (putBack) {
      putBack();
    } else if (owner.lease().live() && confirmedIn != owner.lease().liveness()) {
      reread(now);
    } else if (memory.state.ended()) {
      stepEnded();
    } else {
      stepOpen(now);
    }
  }

  private void stepOpen(long now) {
    long deadlineMs = memory.deadlineMs - owner.lease().clockOffsetMs();
    if (now >= deadlineMs + ports.limits().graceMs()) {
      endAlone();
    } else if (reread || rereadAll) {
      reread(now);
    } else if (cancelAsked) {
      script("cancel", s -> s.cancel(memory.ref), this::afterEnd);
    } else if (now >= deadlineMs) {
      script("expire", s -> s.expire(memory.ref), this::afterEnd);
    } else if (memory.state == TurnState.READY && !owner.comesLater(this)) {
      dispatch();
    } else if (now >= nextRereadMs) {
      reread(now);
    }
  }

  private void stepEnded() {
    if (!memory.got && reply.isPresent()) {
      script(
          "got",
          s -> s.got(memory.ref, gateway()),
          outcome -> {
            memory.got = outcome == Outcome.OK;
            owned(outcome);
          });
    } else if (reply.map(VisibleReply::done).orElse(true)) {
      boolean visible = reply.map(VisibleReply::visible).orElse(true);
      HistoryEntry history = historyEntry();
      script(
          "delivered",
          s -> s.delivered(memory.ref, gateway(), visible, history),
          outcome -> afterDelivered(outcome, visible));
    }
  }

  private void afterDelivered(Outcome outcome, boolean visible) {
    if (outcome != Outcome.OK) {
      owned(outcome);
      return;
    }
    over = true;
    memory.state = visible ? TurnState.DELIVERED : TurnState.UNDELIVERABLE;
    ports.counters().closed(memory.end.orElseThrow(), visible);
    if (!visible) {
      ports.counters().undeliverable();
    }
    owner.closed(this);
  }

  private void afterEnd(Outcome outcome) {
    cancelAsked &= outcome == Outcome.MISSING;
    reread = true;
    owned(outcome);
    if (outcome == Outcome.LATER) {
      scripts.pause(ports.limits().retryMs());
    }
  }

  /// An answer of the store about a turn that should be there, ended as remembered, and ours.
  private void owned(Outcome outcome) {
    switch (outcome) {
      case MISSING -> owner.suspect();
      case NOT_OWNER -> confirmOwner();
      case LATER -> putBack = memory.state.ended();
      case OK, ENDED, OTHER, EXISTS, LOST, COLD -> {}
    }
  }

  private void putBack() {
    putBack = false;
    reread = true;
    int askedIn = owner.lease().liveness();
    TurnView remembered = memory.view();
    script(
        "assert",
        s -> s.assertTurn(remembered),
        outcome -> {
          if (outcome == Outcome.COLD) {
            putBack = true;
          } else if (outcome == Outcome.OK) {
            confirmedIn = askedIn;
            ports.counters().asserted();
          }
          if (outcome == Outcome.EXISTS) {
            confirmLost();
          }
        },
        () -> putBack = true);
  }

  /// What is there won: it is somebody else's by now, or closed.
  private void confirmLost() {
    int askedIn = owner.lease().liveness();
    script(
        "view",
        s -> s.view(memory.ref, 0),
        view -> afterView(view, true, askedIn),
        () -> putBack = true);
  }

  /// Told that another gateway owns it: true, or Redis forgot our adoption.
  private void confirmOwner() {
    script(
        "view",
        s -> s.view(memory.ref, Long.MAX_VALUE),
        view -> {
          if (view instanceof ViewReply.Found found && !mine(found.turn())) {
            lost();
          } else {
            putBack = true;
          }
        },
        () -> putBack = true);
  }

  // ---- into the queue

  private void dispatch() {
    if (inQueue) {
      script(
          "produced",
          s -> s.produced(memory.ref),
          outcome -> {
            if (outcome == Outcome.OK) {
              memory.state = TurnState.QUEUED;
            } else {
              reread = true;
              owned(outcome);
              if (outcome == Outcome.LATER) {
                memory.state = TurnState.QUEUED;
              } else {
                scripts.backOff();
              }
            }
          });
      return;
    }
    if (!request.useHistory()) {
      produce(List.of());
      return;
    }
    script(
        "history",
        s -> s.history(memory.ref.conversation()),
        entries -> produce(entries.stream().map(e -> Wire.decode(e, PastExchange.class)).toList()),
        () -> {});
  }

  private void produce(List<PastExchange> history) {
    producing = true;
    Prompt prompt =
        ports
            .prompts()
            .build(
                memory.ref,
                request,
                history,
                new PromptBuilder.Times(
                    gateway(), memory.admittedMs, memory.deadlineMs, memory.deliverByMs));
    ports
        .dispatcher()
        .produce(
            prompt,
            result -> {
              producing = false;
              switch (result) {
                case PRODUCED -> {
                  inQueue = true;
                  scripts.recovered();
                }
                case UNKNOWN -> scripts.backOff();
                case REFUSED -> failTooLong();
              }
              step();
            });
  }

  private void failTooLong() {
    script("fail", s -> s.fail(memory.ref, EndReason.TOO_LONG), this::afterEnd);
  }

  // ---- reading again

  private void reread(long now) {
    long after = rereadAll ? 0 : memory.lastDelta();
    boolean all = rereadAll;
    reread = false;
    rereadAll = false;
    nextRereadMs = now + ports.limits().rereadMs();
    int askedIn = owner.lease().liveness();
    script(
        "view",
        s -> s.view(memory.ref, after),
        view -> afterView(view, all, askedIn),
        () -> {
          reread = true;
          rereadAll |= all;
        });
  }

  private void afterView(ViewReply view, boolean all, int askedIn) {
    switch (view) {
      case ViewReply.Cold cold -> {
        reread = true;
        scripts.backOff();
      }
      case ViewReply.Missing missing -> owner.suspect();
      case ViewReply.Found found -> {
        if (!mine(found.turn())) {
          lost();
        } else if (!found.turn().gateway().equals(gateway())) {
          putBack = true;
        } else {
          confirmedIn = askedIn;
          compare(found, all);
        }
      }
    }
  }

  /// Whether this gateway owns the turn, or Redis only forgot that it does.
  private boolean mine(TurnView stored) {
    return stored.gateway().equals(gateway()) || stored.adoptions() < memory.adoptions;
  }

  private void compare(ViewReply.Found found, boolean all) {
    var stored = found.turn();
    if (stored.state().closed()) {
      replaced();
      return;
    }
    if (memory.state.ended()) {
      // What was told, and perhaps shown, stays: another end is that of a rolled-back turn.
      memory.adoptions = Math.max(memory.adoptions, stored.adoptions());
      putBack = !stored.end().equals(memory.end) || !stored.text().equals(memory.text);
      return;
    }
    if (stored.restarts() > memory.restarts && !all) {
      rereadAll = true;
      return;
    }
    if (stored.restarts() > memory.restarts || (all && differs(stored.deltas()))) {
      restart(stored.restarts());
    }
    TurnState before = memory.state;
    memory.learn(stored);
    take(stored.deltas());
    if (stored.state().ended()) {
      watchers.end(memory);
      return;
    }
    follow(stored.state(), before, found.atWork());
  }

  /// Whether the store's deltas are not the ones remembered, as far as both go.
  private boolean differs(List<Delta> deltas) {
    return deltas.stream().anyMatch(d -> d.n() <= memory.lastDelta() && !memory.agrees(d));
  }

  private void follow(TurnState stored, TurnState before, boolean atWork) {
    if (stored == TurnState.READY && before != TurnState.READY) {
      // Released, requeued or rolled back: whoever has a record of it already, another does no
      // harm.
      inQueue = false;
    } else if (stored == TurnState.WAITING) {
      inQueue = false;
      script("promote", s -> s.promote(memory.ref), outcome -> reread |= outcome == Outcome.OK);
    } else if (stored == TurnState.RUNNING && !atWork) {
      script(
          "requeue",
          s -> s.requeue(memory.ref, ports.limits().lostWorkerMs()),
          outcome -> {
            if (outcome == Outcome.OK) {
              ports.counters().requeued();
              reread = true;
            }
          });
    }
  }

  // ---- ends

  private void endAlone() {
    memory.endLocally(TurnState.EXPIRED, EndReason.EXPIRED);
    ports.counters().endedAlone();
    putBack = true;
    watchers.end(memory);
  }

  /// Closed: by a call of ours of unknown outcome, or because its message was edited or its answer
  /// asked for again.
  private void replaced() {
    if (!memory.state.ended()) {
      memory.endLocally(TurnState.DELIVERED, EndReason.CANCELLED);
      watchers.end(memory);
    }
    memory.state = TurnState.DELIVERED;
    over = true;
    owner.closed(this);
  }

  @Override
  public void lost() {
    if (!over) {
      over = true;
      owner.lost(this);
    }
  }

  private HistoryEntry historyEntry() {
    if (!request.useHistory()) {
      return new HistoryEntry("", 1, 1);
    }
    String asked = request.messages().getLast().content();
    int tokens = PromptBuilder.estimateTokens(asked) + memory.usage.completionTokens();
    boolean whole = memory.shownText().equals(memory.text);
    PastExchange exchange =
        new PastExchange(
            memory.ref.turnId(),
            request.messages(),
            memory.text,
            whole ? memory.tokenIds() : List.of(),
            whole ? memory.fingerprint : "",
            tokens,
            memory.end.orElseThrow());
    return new HistoryEntry(
        Wire.encode(exchange), ports.history().maxExchanges(), ports.history().ttlMs());
  }

  // ---- calls

  private void script(String what, Function<TurnStore, Outcome> script, Consumer<Outcome> then) {
    script(what, script, then, () -> {});
  }

  private <R> void script(
      String what, Function<TurnStore, R> script, Consumer<R> then, Runnable unknown) {
    scripts.call(
        what,
        script,
        reply -> {
          if (reply == Outcome.COLD) {
            scripts.backOff();
          } else {
            scripts.recovered();
          }
          if (!over) {
            then.accept(reply);
          }
        },
        unknown);
  }

  // ---- what the visible reply sees

  @Override
  public TurnRef ref() {
    return memory.ref;
  }

  @Override
  public String gateway() {
    return memory.gateway;
  }

  @Override
  public String visibleText() {
    if (!memory.state.ended()) {
      String text = memory.shownText();
      return text.isEmpty() ? "…" : text;
    }
    String sentence = memory.end.orElseThrow().sentence();
    if (memory.text.isEmpty()) {
      return sentence.isEmpty() ? "(no answer)" : sentence;
    }
    return sentence.isEmpty() ? memory.text : memory.text + "\n\n" + sentence;
  }

  @Override
  public boolean ended() {
    return memory.state.ended();
  }

  @Override
  public boolean mayEdit() {
    return owner.lease().live() && confirmedIn == owner.lease().liveness() && !over;
  }

  @Override
  public long deliverByMs() {
    return memory.deliverByMs - owner.lease().clockOffsetMs();
  }

  @Override
  public List<String> parts() {
    return memory.parts;
  }

  @Override
  public long nowMs() {
    return ports.now();
  }

  @Override
  public void placing(int part) {
    memory.placing = part;
  }

  @Override
  public void ambiguous() {
    ports.counters().ambiguousSend();
  }
}
