package dev.parley.simulation;

import dev.parley.gateway.chat.InboundMessage;
import dev.parley.gateway.chat.TurnEvent;
import dev.parley.gateway.chat.TurnListener;
import dev.parley.gateway.conversation.HistoryLimits;
import dev.parley.gateway.conversation.PromptBuilder;
import dev.parley.gateway.dispatch.ProduceResult;
import dev.parley.gateway.reply.ReplyLimits;
import dev.parley.gateway.reply.ReplyParts;
import dev.parley.gateway.reply.ReplyPlatform;
import dev.parley.gateway.turn.TurnCounters;
import dev.parley.gateway.turn.TurnLimits;
import dev.parley.gateway.turn.TurnOwner;
import dev.parley.gateway.turn.TurnPorts;
import dev.parley.shared.turn.Outcome;
import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.turn.TurnStore;
import dev.parley.shared.turn.TurnView;
import dev.parley.shared.turn.ViewReply;
import dev.parley.shared.wire.ChannelMessage;
import dev.parley.shared.wire.EndReason;
import dev.parley.shared.wire.Lane;
import dev.parley.shared.wire.Prompt;
import dev.parley.shared.wire.TokenLogprob;
import dev.parley.shared.wire.Wire;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/// A gateway process: the real machine on simulated links.
final class SimGateway {

  /// From admission to the latest end, ms.
  static final long ANSWER_MS = 60_000;

  /// Most open turns of a conversation.
  static final int MAX_QUEUE = 4;

  /// A call to a platform is over after this, ms.
  static final long HTTP_TIMEOUT_MS = 3_000;

  private static final TurnLimits LIMITS =
      new TurnLimits(
          ANSWER_MS, 120_000, MAX_QUEUE, 1_000, 750, 500, 100, 100, 1_000, 8_000, 60_000, 600_000,
          20_000);

  private static final ReplyLimits REPLY = new ReplyLimits(300, HTTP_TIMEOUT_MS, 500);

  final Actor actor;
  final TurnOwner owner;
  private final World world;
  private final RedisLink redis;
  private boolean subscribed = true;

  SimGateway(World world, Actor actor) {
    this.world = world;
    this.actor = actor;
    this.redis = new RedisLink(world, actor);
    HistoryLimits history = new HistoryLimits(1_000, 50, 3_600_000);
    this.owner =
        new TurnOwner(
            new TurnPorts(
                actor.id,
                world.bug() == Bug.DEADLINE_LEFT_TO_WORKERS ? this::withoutExpiry : redis,
                this::produce,
                (address, turn) -> SimPlatform.behind(world, actor, address),
                new PromptBuilder("", history),
                history,
                LIMITS,
                REPLY,
                new Counters(),
                actor::clock),
            listeners -> {});
    actor.after(0, this::tick);
  }

  private <R> void withoutExpiry(
      String what,
      TurnRef ref,
      Function<TurnStore, R> script,
      Consumer<R> reply,
      Runnable unknown) {
    if (!what.equals("expire")) {
      redis.call(what, ref, script, reply, unknown);
    } else {
      actor.after(RedisLink.TIMEOUT_MS, unknown);
    }
  }

  private void tick() {
    owner.tick();
    actor.after(TurnOwner.TICK_MS, this::tick);
  }

  boolean subscribed() {
    return subscribed;
  }

  void receive(ChannelMessage message) {
    owner.onMessage(message);
  }

  void dropSubscription(long forMs) {
    subscribed = false;
    actor.after(
        forMs,
        () -> {
          subscribed = true;
          owner.onResubscribed();
        });
  }

  /// A platform delivers a message.
  void submit(Case turn, InboundMessage message, Consumer<TurnOwner.Submitted> then) {
    TurnListener listener = turn.kind == Case.Kind.STREAM ? stream(turn) : event -> {};
    owner.submit(message, listener, turn.edited(), then);
  }

  /// The newest turn of a conversation, as far as Redis tells in time.
  void newest(String conversation, Consumer<Optional<TurnRef>> then) {
    redis.call("newest", World.NO_TURN, s -> s.newest(conversation), then, () -> {});
  }

  /// A platform delivers a message whose answer shall stand in the place of another one.
  void replace(TurnRef old, InboundMessage message, Consumer<TurnOwner.Submitted> then) {
    owner.replace(old, message, event -> {}, then);
  }

  /// A turn is taken back, then its messages are.
  ///
  /// @param then takes OK when the messages are gone too
  void retract(Case turn, Consumer<Outcome> then) {
    owner.retract(
        turn.ref,
        outcome -> {
          if (outcome == Outcome.OK) {
            messages(turn, ids -> delete(turn, ids, then), () -> then.accept(Outcome.LATER));
          } else {
            then.accept(outcome);
          }
        });
  }

  /// Of a turn that was ours we may know a message more than Redis.
  private void messages(Case turn, Consumer<List<String>> then, Runnable unknown) {
    redis.call(
        "view",
        turn.ref,
        s -> s.view(turn.ref, Long.MAX_VALUE),
        view -> {
          Set<String> ids = new LinkedHashSet<>();
          owner.view(turn.ref).ifPresent(here -> ids.addAll(messages(here)));
          if (view instanceof ViewReply.Found found) {
            ids.addAll(messages(found.turn()));
          }
          then.accept(List.copyOf(ids));
        },
        unknown);
  }

  private static List<String> messages(TurnView turn) {
    return new ReplyParts(turn.parts(), turn.placing()).shown();
  }

  private void delete(Case turn, List<String> ids, Consumer<Outcome> then) {
    if (ids.isEmpty()) {
      then.accept(Outcome.OK);
      return;
    }
    SimPlatform.of(world, actor, turn.kind)
        .delete(
            turn.ref,
            ids.getFirst(),
            result -> {
              switch (result) {
                case ReplyPlatform.Result.Later later ->
                    actor.after(later.retryAfterMs(), () -> delete(turn, ids, then));
                case ReplyPlatform.Result.Unknown u -> delete(turn, ids, then);
                default -> delete(turn, ids.subList(1, ids.size()), then);
              }
            });
  }

  /// What a client on an open connection reads.
  private TurnListener stream(Case turn) {
    StringBuilder seen = new StringBuilder();
    StringBuilder spelled = new StringBuilder();
    return event -> {
      switch (event) {
        case TurnEvent.Text text -> {
          seen.append(text.added());
          spell(text.logprobs(), spelled);
        }
        case TurnEvent.Restarted restarted -> {
          if (!restarted.wholeText().startsWith(seen.toString())) {
            turn.announcedRestarts++;
          }
          seen.setLength(0);
          seen.append(restarted.wholeText());
          spelled.setLength(0);
          spell(restarted.logprobs(), spelled);
        }
        case TurnEvent.Position position -> {}
        case TurnEvent.Ended ended -> {
          if (!ended.wholeText().startsWith(seen.toString())) {
            turn.unannouncedChanges++;
          }
          if (ended.end().answered() && !spelled.toString().equals(ended.wholeText())) {
            turn.wrongLogprobs++;
          }
          turn.ends.add(new Case.Shown(world.now(), ended.end(), ended.wholeText()));
          world.log(() -> turn.ref + " stream ended: " + ended.end() + " " + ended.wholeText());
        }
      }
    };
  }

  private static void spell(List<TokenLogprob> logprobs, StringBuilder into) {
    logprobs.forEach(token -> token.bytes().forEach(b -> into.append((char) (int) b)));
  }

  private void produce(Prompt prompt, Consumer<ProduceResult> then) {
    world.network().produce(actor, prompt.ref(), Lane.INTERACTIVE, Wire.encodePrompt(prompt), then);
  }

  private final class Counters implements TurnCounters {
    @Override
    public void closed(EndReason end, boolean visible) {}

    @Override
    public void gapRepaired() {
      world.count("gap repaired");
    }

    @Override
    public void adopted() {
      world.count("adopted");
    }

    @Override
    public void asserted() {
      world.count("asserted");
    }

    @Override
    public void requeued() {
      world.count("requeued");
    }

    @Override
    public void restarted() {
      world.count("restarted");
    }

    @Override
    public void ambiguousSend() {
      world.count("exception: ambiguous send");
    }

    @Override
    public void undeliverable() {
      world.count("exception: undeliverable");
    }

    @Override
    public void endedAlone() {
      world.count("exception: ended alone");
    }
  }
}
