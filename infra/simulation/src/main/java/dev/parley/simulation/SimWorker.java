package dev.parley.simulation;

import dev.parley.shared.testing.ShareQueueModel;
import dev.parley.shared.turn.AppendReply;
import dev.parley.shared.turn.StoreCaller;
import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.turn.TurnStore;
import dev.parley.shared.turn.TurnView;
import dev.parley.shared.turn.ViewReply;
import dev.parley.shared.wire.ChannelMessage;
import dev.parley.shared.wire.Delta;
import dev.parley.shared.wire.EndReason;
import dev.parley.shared.wire.Lane;
import dev.parley.shared.wire.Prompt;
import dev.parley.shared.wire.TokenLogprob;
import dev.parley.shared.wire.Usage;
import dev.parley.shared.wire.Wire;
import dev.parley.worker.intake.AckResult;
import dev.parley.worker.intake.HeldPrompt;
import dev.parley.worker.intake.IntakeCounters;
import dev.parley.worker.intake.IntakeLimits;
import dev.parley.worker.intake.Lease;
import dev.parley.worker.intake.PromptPorts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/// A worker process: real machines for what it holds, a scripted engine, simulated links.
final class SimWorker {

  private static final long TICK_MS = 25;
  private static final long BEAT_MS = 250;
  private static final int HOLDERS = 3;
  private static final long SLOWEST_TOKEN_MS = 60;

  final Actor actor;
  private final World world;
  private final String fingerprint;
  private final RedisLink redis;
  private final List<Holder> holders = new ArrayList<>();
  private final Lease lease = new Lease();
  private boolean draining;
  private int attempts;

  SimWorker(World world, Actor actor, String fingerprint) {
    this.world = world;
    this.actor = actor;
    this.fingerprint = fingerprint;
    this.redis = new RedisLink(world, actor);

    for (int i = 0; i < HOLDERS; i++) {
      holders.add(new Holder(actor.id + "-" + i));
    }
    actor.after(0, this::beat);
    actor.after(0, this::tick);
  }

  private void beat() {
    long issued = actor.clock();
    List<String> atWork = attemptsAtWork();
    redis.call(
        "beatWorker",
        World.NO_TURN,
        s -> s.beatWorker(actor.id, "{}", atWork),
        beat -> lease.confirmed(issued, actor.clock()),
        () -> {});
    actor.after(BEAT_MS, this::beat);
  }

  private List<String> attemptsAtWork() {
    return holders.stream()
        .flatMap(h -> h.held.stream())
        .filter(HeldPrompt::atWork)
        .map(HeldPrompt::attempt)
        .toList();
  }

  private void tick() {
    holders.forEach(Holder::tick);
    if (draining && holders.stream().allMatch(h -> h.held.isEmpty())) {
      world.fleet().left(this);
    } else {
      actor.after(TICK_MS, this::tick);
    }
  }

  void drain() {
    draining = true;
    holders.forEach(h -> h.held.ifPresent(HeldPrompt::drain));
  }

  boolean idle() {
    return holders.stream().allMatch(h -> h.held.isEmpty());
  }

  /// Its connections break: the broker gives back what it held.
  void disconnect() {
    holders.forEach(h -> world.queue().leave(Lane.INTERACTIVE, h.member, world.now()));
  }

  void strand() {
    world.queue().strand(Lane.INTERACTIVE, holders.getLast().member, world.now());
  }

  void receive(ChannelMessage message) {
    if (message instanceof ChannelMessage.Cancel cancel) {
      holders.forEach(h ->
          h.held
              .filter(p -> p.ref().equals(cancel.ref()))
              .ifPresent(p -> p.onCancel(cancel.attempt())));
    }
  }

  private final class Holder implements PromptPorts, IntakeCounters {
    private final String member;
    private Optional<HeldPrompt> held = Optional.empty();
    private long offset;

    /// The generation whose tokens still count.
    private String running = "";

    Holder(String member) {
      this.member = member;
    }

    void tick() {
      if (held.isPresent() && held.get().nextMs() <= nowMs()) {
        held.get().step();
      }
      if (held.isPresent() && held.get().closed()) {
        held = Optional.empty();
      }
      if (held.isEmpty() && !draining && !world.network().brokerDown() && mayClaim()) {
        int skip = world.strikes(Fault.REORDERED_RECORD) ? 1 : 0;
        world.queue().poll(Lane.INTERACTIVE, member, world.now(), skip).ifPresent(this::take);
      }
    }

    private void take(ShareQueueModel.Delivery record) {
      offset = record.offset();
      Prompt prompt = Wire.decodePrompt(record.value());
      String attempt = actor.id + "." + member.charAt(member.length() - 1) + "." + attempts++;
      world.log(() ->
          member
              + " polled "
              + prompt.ref()
              + " offset "
              + offset
              + " attempt "
              + attempt
              + " delivery "
              + record.deliveryCount());
      world.onScript("poll");
      HeldPrompt taken =
          new HeldPrompt(prompt, attempt, actor.id, fingerprint, this, IntakeLimits.DEFAULT);
      held = Optional.of(taken);
      taken.step();
    }

    // ---- ports

    @Override
    public void abandon() {
      // The queue's lock began before ours: it has lapsed there too.
      world.log(() -> member + " abandons offset " + offset);
    }

    @Override
    public StoreCaller store() {
      return world.bug() == Bug.ACCEPT_BEFORE_GOT ? this::gotAtOnce : redis;
    }

    @SuppressWarnings("unchecked") // a view's reply stays a view's reply
    private <R> void gotAtOnce(
        String what,
        TurnRef ref,
        Function<TurnStore, R> script,
        Consumer<R> reply,
        Runnable unknown) {
      redis.call(
          what,
          ref,
          script,
          r -> reply.accept(r instanceof ViewReply.Found f ? (R) withGot(f) : r),
          unknown);
    }

    private static ViewReply withGot(ViewReply.Found f) {
      TurnView t = f.turn();
      return new ViewReply.Found(
          new TurnView(
              t.ref(),
              t.state(),
              t.request(),
              t.gateway(),
              t.adoptions(),
              t.admittedMs(),
              t.deadlineMs(),
              t.deliverByMs(),
              t.attempt(),
              t.worker(),
              t.restarts(),
              t.fingerprint(),
              t.starts(),
              t.yields(),
              t.orphan(),
              t.parts(),
              t.placing(),
              t.text(),
              t.end(),
              t.usage(),
              true,
              t.deltas()),
          f.lastDelta(),
          f.atWork());
    }

    @Override
    public void append(TurnStore.Append append, Consumer<AppendReply> reply, Runnable unknown) {
      redis.call(
          "append",
          append.ref(),
          s -> s.append(append.ref(), append.attempt(), append.deltas()),
          reply,
          unknown);
    }

    @Override
    public void generate(String id, Prompt prompt, List<Delta> shown, boolean alone) {
      running = id;
      int next = shown.stream().mapToInt(d -> d.ids().size()).sum() + 1;
      actor.after(SLOWEST_TOKEN_MS, () -> token(id, prompt.ref(), next));
    }

    private void token(String id, TurnRef ref, int k) {
      if (!running.equals(id) || held.isEmpty()) {
        return;
      }
      Case turn = world.turn(ref);
      if (turn.poison && k == 2) {
        world.log(() -> actor.id + " dies of " + ref);
        var _ = world.fleet().crash(SimWorker.this);
        return;
      }
      if (turn.stuck && k == 2) {
        return;
      }
      if (k > turn.tokens) {
        held.get().onEnded(id, EndReason.STOP, new Usage(1, k - 1));
        return;
      }
      String word = id + ":" + k + " ";
      held.get().onTokens(id, List.of(k), word, logprobs(turn, word));
      actor.after(15 + world.random(SLOWEST_TOKEN_MS), () -> token(id, ref, k + 1));
    }

    /// Who reads a stream wants logprobs: they spell the text again, and must come as it does.
    private static List<TokenLogprob> logprobs(Case turn, String word) {
      if (turn.kind != Case.Kind.STREAM) {
        return List.of();
      }
      List<Integer> bytes = word.chars().boxed().toList();
      return List.of(new TokenLogprob(bytes, -1, List.of()));
    }

    @Override
    public void stop(String id) {
      if (running.equals(id)) {
        running = "";
      }
    }

    @Override
    public boolean mayClaim() {
      for (Holder other : holders) {
        if (other != this && other.held.isPresent() && other.held.get().suspect()) {
          return false;
        }
      }
      return true;
    }

    @Override
    public List<String> attemptsAtWork() {
      return SimWorker.this.attemptsAtWork();
    }

    @Override
    public boolean alone() {
      boolean alone = true;
      for (Holder other : holders) {
        if (other != this && other.held.isPresent()) {
          HeldPrompt prompt = other.held.get();
          prompt.giveWay();
          alone &= !prompt.atRisk();
        }
      }
      return alone;
    }

    @Override
    public void renew(Consumer<AckResult> then) {
      acknowledge(ShareQueueModel.Wish.RENEW, then);
    }

    @Override
    public void acknowledge(boolean accept, Consumer<AckResult> then) {
      acknowledge(
          accept ? ShareQueueModel.Wish.ACCEPT : ShareQueueModel.Wish.RELEASE,
          result -> {
            then.accept(result);
            world.onScript("accept");
          });
    }

    private void acknowledge(ShareQueueModel.Wish wish, Consumer<AckResult> then) {
      long asked = offset;
      actor.after(
          2,
          () -> {
            AckResult result =
                world.network().brokerDown()
                    ? AckResult.UNKNOWN
                    : switch (world
                        .queue()
                        .acknowledge(Lane.INTERACTIVE, member, asked, wish, world.now())) {
                      case DONE -> AckResult.CONFIRMED;
                      case INVALID_STATE -> AckResult.LOST;
                      case NO_SESSION -> AckResult.UNKNOWN;
                    };
            world.log(() -> member + " " + wish + " offset " + asked + " -> " + result);
            actor.after(2, () -> then.accept(result));
          });
    }

    @Override
    public long livenessAgeMs(long sinceMs) {
      return lease.ageMs(sinceMs, nowMs());
    }

    @Override
    public long nowMs() {
      return actor.clock();
    }

    @Override
    public IntakeCounters counters() {
      return this;
    }

    @Override
    public void started(boolean resumed) {
      world.count(resumed ? "continued" : "started");
    }

    @Override
    public void fenced() {
      world.count("fenced");
    }

    @Override
    public void gapResent() {
      world.count("gap resent");
    }

    @Override
    public void restored() {
      world.count("restored");
    }

    @Override
    public void dropped() {
      world.count("dropped");
    }

    @Override
    public void tooOld() {
      world.count("exception: too old");
    }

    @Override
    public void lockLost() {
      world.count("lock lost");
    }
  }
}
