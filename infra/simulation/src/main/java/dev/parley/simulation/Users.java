package dev.parley.simulation;

import dev.parley.gateway.chat.InboundMessage;
import dev.parley.gateway.turn.TurnOwner;
import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.turn.TurnView;
import dev.parley.shared.wire.ChatMessage;
import dev.parley.shared.wire.Lane;
import dev.parley.shared.wire.ReplyAddress;
import dev.parley.shared.wire.Sampling;
import dev.parley.shared.wire.TurnRequest;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/// Who asks in a run, and the platforms that bring their messages to the gateways until one has taken them.
final class Users {
  private static final long WARM_UP_MS = 3_500;
  private static final long SENDING_MS = 5_000;

  /// The last message is sent before then, ms since the start.
  static final long LAST_MESSAGE_MS = WARM_UP_MS + SENDING_MS;

  private static final List<Case.Kind> KINDS = List.of(Case.Kind.values());

  /// A platform brings an update again after this, ms.
  static final long UPDATE_TIMEOUT_MS = 5_000;

  private final World world;
  private final SplittableRandom random;
  private final Set<TurnRef> seenUpdates = new HashSet<>();

  Users(World world, SplittableRandom random) {
    this.world = world;
    this.random = random;
  }

  /// Plans the messages of the run.
  void plan() {
    int conversations = 2 + random.nextInt(2);
    int turns = 4 + random.nextInt(3);
    for (int i = 0; i < turns; i++) {
      plan("c" + random.nextInt(conversations), i);
    }
  }

  private void plan(String conversation, int i) {
    Case.Kind kind = KINDS.get(random.nextInt(KINDS.size()));
    long sendAt = WARM_UP_MS + random.nextLong(SENDING_MS);
    boolean cancelled = random.nextInt(10) == 0;
    InboundMessage message = message(conversation, "m" + i, kind);
    Case turn =
        new Case(
            message.ref(),
            kind,
            2 + random.nextInt(10),
            random.nextInt(25) == 0,
            random.nextInt(150) == 0,
            cancelled ? sendAt + random.nextLong(1_500) : Long.MAX_VALUE,
            new Chat());
    world.cases().put(turn.ref, turn);
    world.after(sendAt, () -> deliver(turn, message));
    world.wishes().plan(turn, message, sendAt);
    if (cancelled) {
      world.after(turn.cancelAtMs, () -> cancel(turn));
    }
  }

  private static InboundMessage message(String conversation, String id, Case.Kind kind) {
    String platform =
        switch (kind) {
          case PAGE -> ReplyAddress.WEB;
          case STREAM -> ReplyAddress.HTTP;
          case FINDABLE -> SimPlatform.FINDABLE;
          case BLIND -> SimPlatform.BLIND;
        };
    TurnRequest request =
        new TurnRequest(
            "t",
            "u",
            Lane.INTERACTIVE,
            new ReplyAddress(platform, ""),
            List.of(ChatMessage.user("question " + id)),
            kind != Case.Kind.STREAM,
            Sampling.greedy(100));
    return new InboundMessage(conversation, id, request);
  }

  private void deliver(Case turn, InboundMessage message) {
    if (turn.accepted || turn.refused) {
      return;
    }
    SimGateway gateway = world.fleet().anyGateway();
    boolean repeated = turn.kind != Case.Kind.STREAM && world.strikes(Fault.DUPLICATE_UPDATE);
    if (repeated) {
      submit(turn, message, world.fleet().anyGateway());
    }
    submit(turn, message, gateway);
    world.after(
        gateway.actor.alive() ? UPDATE_TIMEOUT_MS : 300,
        () -> {
          if (turn.kind == Case.Kind.STREAM && !turn.accepted) {
            // The client gives up; its gateway sees the connection close.
            turn.refused = true;
            gateway.actor.after(
                world.network().latency(), () -> gateway.owner.cancel(turn.ref, outcome -> {}));
          } else {
            deliver(turn, message);
          }
        });
  }

  private void submit(Case turn, InboundMessage message, SimGateway gateway) {
    turn.via = gateway.actor.id;
    turn.ownerDied |= gateway.actor.paused() || !gateway.actor.alive();
    Runnable admit =
        () ->
            gateway.submit(
                turn,
                message,
                reply ->
                    gateway.actor.after(
                        world.network().latency(), () -> acknowledge(turn, gateway, reply)));
    gateway.actor.after(
        world.network().latency(),
        () -> {
          world.onScript("update");
          if (world.bug() != Bug.DEDUPE_BEFORE_ADMIT) {
            admit.run();
          } else if (seenUpdates.add(turn.ref)) {
            gateway.actor.after(30, admit);
          } else {
            accept(turn);
          }
        });
  }

  private void acknowledge(Case turn, SimGateway gateway, TurnOwner.Submitted reply) {
    world.log(() -> "user " + turn.ref + " via " + gateway.actor.id + ": " + reply);
    switch (reply) {
      case TurnOwner.Submitted.Accepted accepted -> accept(turn);
      case TurnOwner.Submitted.Existing existing -> {
        TurnView view = existing.turn();
        if (!turn.accepted && turn.kind == Case.Kind.STREAM && view.state().ended()) {
          turn.ends.add(new Case.Shown(world.now(), view.end().orElseThrow(), view.text()));
        }
        accept(turn);
      }
      case TurnOwner.Submitted.Full full -> turn.refused = true;
      case TurnOwner.Submitted.NotNewest notNewest ->
          throw new IllegalStateException("a first message replaces none");
      case TurnOwner.Submitted.Unavailable unavailable -> {}
    }
  }

  private void accept(Case turn) {
    if (!turn.accepted && !turn.refused) {
      turn.accepted = true;
      turn.acceptedMs = world.now();
    }
  }

  private void cancel(Case turn) {
    SimGateway gateway = world.fleet().anyGateway();
    gateway.actor.after(
        world.network().latency(),
        () -> {
          turn.cancelled = true;
          gateway.owner.cancel(turn.ref, outcome -> {});
        });
  }
}
