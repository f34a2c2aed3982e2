package dev.parley.gateway.turn;

import dev.parley.gateway.conversation.PastExchange;
import dev.parley.gateway.conversation.PromptBuilder;
import dev.parley.shared.turn.Outcome;
import dev.parley.shared.turn.TurnState;
import dev.parley.shared.wire.Prompt;
import dev.parley.shared.wire.TurnRequest;
import dev.parley.shared.wire.Wire;
import java.util.List;

/// An owned turn's way into the queue: its prompt is made with the conversation's history and produced, then the
/// record is told. Not thread-safe.
final class TurnDispatch {
  private final OwnedTurn turn;
  private final TurnPorts ports;
  private final TurnMemory memory;
  private final TurnSync sync;
  private final TurnRequest request;
  private boolean producing;
  private boolean inQueue;

  TurnDispatch(
      OwnedTurn turn, TurnPorts ports, TurnMemory memory, TurnSync sync, TurnRequest request) {
    this.turn = turn;
    this.ports = ports;
    this.memory = memory;
    this.sync = sync;
    this.request = request;
    this.inQueue = memory.state.compareTo(TurnState.QUEUED) >= 0;
  }

  /// Whether the prompt is on its way.
  boolean producing() {
    return producing;
  }

  /// It is to be produced when its time comes, though it may have been before.
  void again() {
    inQueue = false;
  }

  /// Makes the next call.
  void step() {
    if (inQueue) {
      turn.script("produced", s -> s.produced(memory.ref), this::afterProduced);
    } else if (request.useHistory()) {
      turn.script("history", s -> s.history(memory.ref.conversation()), this::produceAfter);
    } else {
      produce(List.of());
    }
  }

  private void afterProduced(Outcome outcome) {
    if (outcome == Outcome.OK) {
      memory.state = TurnState.QUEUED;
      return;
    }
    sync.readAgain();
    sync.heard(outcome);
    if (outcome == Outcome.LATER) {
      memory.state = TurnState.QUEUED;
    } else if (outcome != Outcome.COLD) {
      turn.scripts().backOff();
    }
  }

  private void produceAfter(List<String> history) {
    produce(history.stream().map(e -> Wire.decode(e, PastExchange.class)).toList());
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
                    memory.gateway, memory.admittedMs, memory.deadlineMs, memory.deliverByMs));
    ports
        .dispatcher()
        .produce(
            prompt,
            result -> {
              producing = false;
              switch (result) {
                case PRODUCED -> {
                  inQueue = true;
                  turn.scripts().recovered();
                }
                case UNKNOWN -> turn.scripts().backOff();
                case REFUSED -> turn.failTooLong();
              }
              turn.step();
            });
  }
}
