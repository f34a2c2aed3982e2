package dev.parley.simulation;

import dev.parley.gateway.chat.InboundMessage;
import dev.parley.gateway.turn.TurnOwner;
import dev.parley.shared.turn.Outcome;
import dev.parley.shared.turn.TurnRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/// What users want of a question they have asked: another answer in the place of the one there is (asked again, an
/// edited question, a further message of a burst), or to take it back. A wish comes to any gateway, sometimes to two,
/// until one has fulfilled it or has found that something newer was said.
final class Wishes {

  /// Share of the questions that are asked again, some of them twice.
  private static final double AGAIN = 0.3;

  private static final double TWICE = 0.3;

  /// Share of the questions that are taken back.
  private static final double BACK = 0.12;

  /// Share of the wishes that come twice at once.
  private static final double DOUBLED = 0.15;

  /// Within one of these times after the question a wish comes, ms: while it waits or its first words are written,
  /// while it is answered, long after.
  private static final List<Long> WITHIN_MS = List.of(400L, 1_500L, 6_000L);

  /// Between two tries to take something back, ms.
  private static final long AGAIN_MS = 1_000;

  /// That a question be taken back.
  private static final class Undo {
    final Case asked;
    Optional<Case> turn = Optional.empty();
    boolean over;

    Undo(Case asked) {
      this.asked = asked;
    }
  }

  private final World world;
  private final SplittableRandom random;
  private final List<SimGateway> retracting = new ArrayList<>();
  private int undos;

  Wishes(World world, SplittableRandom random) {
    this.world = world;
    this.random = random;
  }

  /// How many questions are still to be taken back, as far as living gateways know.
  long open() {
    return undos + retracting.stream().filter(gateway -> gateway.actor.alive()).count();
  }

  /// Plans what will be wished of a question.
  void plan(Case asked, InboundMessage message, long sentMs) {
    if (asked.kind == Case.Kind.STREAM) {
      return;
    }
    int times = random.nextDouble() > AGAIN ? 0 : random.nextDouble() > TWICE ? 1 : 2;
    for (int i = 0; i < times; i++) {
      InboundMessage anew =
          new InboundMessage(
              message.conversation(), message.messageId() + ".e" + i, message.request());
      Case turn =
          new Case(
              anew.ref(),
              asked.kind,
              2 + random.nextInt(10),
              random.nextInt(25) == 0,
              false,
              Long.MAX_VALUE,
              asked.chat);
      world.cases().put(turn.ref, turn);
      world.after(sentMs + delay(), () -> bring(turn, anew));
    }
    if (random.nextDouble() < BACK) {
      undos++;
      world.after(sentMs + delay(), () -> bring(new Undo(asked)));
    }
  }

  private long delay() {
    return random.nextLong(WITHIN_MS.get(random.nextInt(WITHIN_MS.size())));
  }

  /// The newest turn, if it is what answers the same question.
  private Optional<Case> same(Optional<TurnRef> newest, Case asked) {
    return newest.map(world::turn).filter(turn -> turn.chat == asked.chat);
  }

  private boolean doubled() {
    return random.nextDouble() < DOUBLED || world.strikes(Fault.DUPLICATE_UPDATE);
  }

  /// When the platform brings an update again that a gateway was given.
  private static long repeatMs(SimGateway gateway) {
    return gateway.actor.alive() ? Users.UPDATE_TIMEOUT_MS : 300;
  }

  // ---- another answer

  private void bring(Case anew, InboundMessage message) {
    if (anew.accepted || anew.refused) {
      return;
    }
    SimGateway gateway = world.fleet().anyGateway();
    if (doubled()) {
      take(anew, message, random.nextBoolean() ? gateway : world.fleet().anyGateway());
    }
    take(anew, message, gateway);
    world.after(repeatMs(gateway), () -> bring(anew, message));
  }

  private void take(Case anew, InboundMessage message, SimGateway gateway) {
    anew.via = gateway.actor.id;
    gateway.actor.after(
        world.network().latency(),
        () ->
            gateway.newest(
                anew.ref.conversation(), newest -> take(anew, message, gateway, newest)));
  }

  private void take(
      Case anew, InboundMessage message, SimGateway gateway, Optional<TurnRef> newest) {
    Optional<Case> old = same(newest, anew);
    if (old.isEmpty()) {
      acknowledge(anew, gateway, new TurnOwner.Submitted.NotNewest());
      return;
    }
    old.get().wishedAway = true;
    gateway.replace(
        old.get().ref,
        message,
        reply ->
            gateway.actor.after(
                world.network().latency(), () -> acknowledge(anew, gateway, reply)));
  }

  private void acknowledge(Case anew, SimGateway gateway, TurnOwner.Submitted reply) {
    world.log(() -> "user's wish " + anew.ref + " via " + gateway.actor.id + ": " + reply);
    if (anew.accepted) {
      return;
    }
    // Of a wish that came twice one may be too early, or too late, and the other fulfilled.
    switch (reply) {
      case TurnOwner.Submitted.Accepted accepted -> accept(anew);
      case TurnOwner.Submitted.Existing existing -> accept(anew);
      case TurnOwner.Submitted.NotNewest notNewest -> anew.refused = true;
      case TurnOwner.Submitted.Full full ->
          throw new IllegalStateException("the place of another is never full");
      case TurnOwner.Submitted.Unavailable unavailable -> {}
    }
  }

  private void accept(Case anew) {
    anew.accepted = true;
    anew.acceptedMs = world.now();
  }

  // ---- taken back

  private void bring(Undo wish) {
    if (wish.over) {
      return;
    }
    SimGateway gateway = world.fleet().anyGateway();
    if (doubled()) {
      take(wish, random.nextBoolean() ? gateway : world.fleet().anyGateway());
    }
    take(wish, gateway);
    world.after(repeatMs(gateway), () -> bring(wish));
  }

  private void take(Undo wish, SimGateway gateway) {
    gateway.actor.after(
        world.network().latency(),
        () -> {
          if (wish.turn.isPresent()) {
            retract(wish, wish.turn.get(), gateway);
          } else {
            gateway.newest(wish.asked.ref.conversation(), newest -> take(wish, gateway, newest));
          }
        });
  }

  private void take(Undo wish, SimGateway gateway, Optional<TurnRef> newest) {
    wish.turn = wish.turn.or(() -> same(newest, wish.asked));
    if (wish.turn.isEmpty()) {
      end(wish);
    } else {
      retract(wish, wish.turn.get(), gateway);
    }
  }

  private void retract(Undo wish, Case turn, SimGateway gateway) {
    turn.wishedAway = true;
    retracting.add(gateway);
    gateway.retract(
        turn,
        outcome -> {
          retracting.remove(gateway);
          world.log(
              () -> "user takes " + turn.ref + " back via " + gateway.actor.id + ": " + outcome);
          turn.retracted |= outcome == Outcome.OK;
          turn.takenBack |= outcome == Outcome.OK;
          if (outcome != Outcome.LATER && outcome != Outcome.COLD) {
            end(wish);
          } else if (!wish.over) {
            gateway.actor.after(AGAIN_MS, () -> retract(wish, turn, gateway));
          }
        });
  }

  private void end(Undo wish) {
    if (!wish.over) {
      wish.over = true;
      undos--;
    }
  }
}
