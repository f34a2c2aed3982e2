package dev.parley.shared.redis;

import dev.parley.shared.turn.Admission;
import dev.parley.shared.turn.AdmitReply;
import dev.parley.shared.turn.AppendReply;
import dev.parley.shared.turn.Beat;
import dev.parley.shared.turn.Claim;
import dev.parley.shared.turn.ClaimReply;
import dev.parley.shared.turn.DueTurn;
import dev.parley.shared.turn.HistoryEntry;
import dev.parley.shared.turn.Outcome;
import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.turn.TurnState;
import dev.parley.shared.turn.TurnStore;
import dev.parley.shared.turn.TurnView;
import dev.parley.shared.turn.ViewReply;
import dev.parley.shared.wire.Delta;
import dev.parley.shared.wire.EndReason;
import dev.parley.shared.wire.Usage;
import dev.parley.shared.wire.Wire;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The turn store in one Redis: each method is one Lua script. Thread-safe; calls block, so make them
/// on virtual threads.
///
/// Keys of conversation `c`: `t:{c}:id` (hash, [TurnFields]), `b:{c}:id` (list of delta JSON, the
/// n-th is delta n), `q:{c}` (ids in order), `h:{c}` (exchanges), `n:{c}` (newest id), `f:{c}`
/// (when it was forgotten). Of the shard:
/// `due` (sorted set of `c/id` by next check), `gw:id`, `wk:id` (liveness), `workers` (hash of loads),
/// `epoch`. The scripts build key names, so that one shard is one Redis, not a Redis Cluster.
public final class RedisTurnStore implements TurnStore, AutoCloseable {

  private final ScriptRunner scripts;

  public RedisTurnStore(RedisSettings settings) {
    this(settings, ScriptSource.production());
  }

  /// @param source scripts with another clock, for tests
  RedisTurnStore(RedisSettings settings, ScriptSource source) {
    scripts = new ScriptRunner(settings, source);
  }

  /// The connections, for [RedisChecks].
  ScriptRunner scripts() {
    return scripts;
  }

  @Override
  public void close() {
    scripts.close();
  }

  @Override
  public long openEpoch() {
    return number(scripts.run(Script.OPEN_EPOCH, List.of()));
  }

  @Override
  public long reopenEpoch() {
    return number(scripts.run(Script.REOPEN_EPOCH, List.of()));
  }

  @Override
  public AdmitReply admit(Admission a) {
    List<String> args =
        args(
            a.ref(),
            Integer.toString(a.maxQueue()),
            flag(a.storeRefusal()),
            Long.toString(a.validUntilMs()));
    args.addAll(TurnFields.encode(a));
    List<?> reply = list(scripts.run(Script.ADMIT, args));
    return switch (word(reply)) {
      case "ADMITTED" ->
          new AdmitReply.Admitted(
              TurnState.valueOf(reply.get(1).toString()),
              (int) number(reply.get(2)),
              number(reply.get(3)),
              number(reply.get(4)));
      case "EXISTING" ->
          new AdmitReply.Existing(
              TurnFields.decode(a.ref(), list(reply.get(2)), List.of()), number(reply.get(1)) == 1);
      case "FULL" -> new AdmitReply.Full();
      case "WAIT" -> new AdmitReply.Wait();
      case "COLD" -> new AdmitReply.Cold();
      default -> throw unknown(Script.ADMIT, reply);
    };
  }

  @Override
  public Outcome produced(TurnRef ref) {
    return outcome(Script.PRODUCED, args(ref));
  }

  @Override
  public ClaimReply claim(Claim claim) {
    List<String> args =
        args(
            claim.ref(),
            claim.attempt(),
            claim.worker(),
            claim.fingerprint(),
            flag(claim.secondAsk()),
            Integer.toString(claim.maxCrashes()),
            Long.toString(claim.prompt().deadlineMs()),
            String.join(" ", claim.atWork()));
    args.addAll(TurnFields.encode(claim.prompt()));
    List<?> reply = list(scripts.run(Script.CLAIM, args));
    return switch (word(reply)) {
      case "RUN" ->
          new ClaimReply.Run(
              TurnFields.decodeDeltas(list(reply.get(3))),
              number(reply.get(1)),
              number(reply.get(2)) == 1);
      case "WAIT" -> new ClaimReply.Wait();
      case "DROP" -> new ClaimReply.Drop();
      case "ENDED" -> new ClaimReply.Ended(TurnState.valueOf(reply.get(1).toString()));
      case "TOO_OLD" -> new ClaimReply.TooOld();
      case "COLD" -> new ClaimReply.Cold();
      default -> throw unknown(Script.CLAIM, reply);
    };
  }

  @Override
  public AppendReply append(TurnRef ref, String attempt, List<Delta> deltas) {
    return appendReply(scripts.run(Script.APPEND, appendArgs(new Append(ref, attempt, deltas))));
  }

  @Override
  public List<AppendReply> appendAll(List<Append> appends) {
    return scripts.runAll(Script.APPEND, appends, RedisTurnStore::appendArgs).stream()
        .map(RedisTurnStore::appendReply)
        .toList();
  }

  private static List<String> appendArgs(Append append) {
    List<String> args =
        args(append.ref(), append.attempt(), Long.toString(append.deltas().getFirst().n()));
    append.deltas().forEach(delta -> args.add(Wire.encode(delta)));
    return args;
  }

  private static AppendReply appendReply(Object reply) {
    String text = reply.toString();
    return switch (text) {
      case "OK" -> new AppendReply.Ok();
      case "OTHER" -> new AppendReply.Other();
      case "ENDED" -> new AppendReply.Ended();
      case "MISSING" -> new AppendReply.Missing();
      case "COLD" -> new AppendReply.Cold();
      default -> {
        if (!text.startsWith("GAP ")) {
          throw unknown(Script.APPEND, List.of(text));
        }
        yield new AppendReply.Gap(Long.parseLong(text.substring(4)));
      }
    };
  }

  @Override
  public Outcome restart(TurnRef ref, String attempt, long restarts) {
    return outcome(Script.RESTART, args(ref, attempt, Long.toString(restarts)));
  }

  @Override
  public Outcome restore(TurnView memory, long livenessAgeMs) {
    List<String> args = args(memory.ref(), Long.toString(livenessAgeMs));
    args.addAll(TurnFields.encode(memory, TurnState.RUNNING));
    return outcome(Script.RESTORE, args);
  }

  @Override
  public Outcome finish(TurnRef ref, String attempt, String text, EndReason end, Usage usage) {
    return outcome(
        Script.FINISH,
        args(
            ref,
            attempt,
            text,
            end.name(),
            Integer.toString(usage.promptTokens()),
            Integer.toString(usage.completionTokens())));
  }

  @Override
  public Outcome failAttempt(TurnRef ref, String attempt, EndReason end) {
    return outcome(Script.FAIL_ATTEMPT, args(ref, attempt, end.name()));
  }

  @Override
  public Outcome handOver(TurnRef ref, String attempt) {
    return outcome(Script.HAND_OVER, args(ref, attempt));
  }

  @Override
  public Outcome cancel(TurnRef ref) {
    return giveUp(ref, TurnState.CANCELLED, EndReason.CANCELLED);
  }

  @Override
  public Outcome expire(TurnRef ref) {
    return giveUp(ref, TurnState.EXPIRED, EndReason.EXPIRED);
  }

  @Override
  public Outcome fail(TurnRef ref, EndReason end) {
    return giveUp(ref, TurnState.FAILED, end);
  }

  private Outcome giveUp(TurnRef ref, TurnState state, EndReason reason) {
    return outcome(Script.GIVE_UP, args(ref, state.name(), reason.name()));
  }

  @Override
  public Outcome got(TurnRef ref, String gateway) {
    return outcome(Script.GOT, args(ref, gateway));
  }

  @Override
  public Outcome placing(TurnRef ref, String gateway, int part) {
    return outcome(Script.PLACING, args(ref, gateway, Integer.toString(part)));
  }

  @Override
  public Outcome placed(TurnRef ref, String gateway, int part, String messageId) {
    return outcome(Script.PLACED, args(ref, gateway, Integer.toString(part), messageId));
  }

  @Override
  public Outcome delivered(
      TurnRef ref, String gateway, EndReason end, boolean visible, HistoryEntry history) {
    return outcome(
        Script.DELIVERED,
        args(
            ref,
            gateway,
            end.name(),
            (visible ? TurnState.DELIVERED : TurnState.UNDELIVERABLE).name(),
            history.json(),
            Integer.toString(history.maxEntries()),
            Long.toString(history.ttlMs())));
  }

  @Override
  public Outcome adopt(TurnRef ref, String observed, String gateway, long beat) {
    return outcome(Script.ADOPT, args(ref, observed, gateway, Long.toString(beat)));
  }

  @Override
  public Outcome assertTurn(TurnView memory) {
    List<String> args =
        args(
            memory.ref(),
            memory.gateway(),
            Integer.toString(memory.adoptions()),
            Wire.encode(memory.parts()),
            Integer.toString(memory.placing()),
            memory.state().name(),
            memory.end().map(EndReason::name).orElse(""),
            memory.text(),
            Integer.toString(memory.usage().promptTokens()),
            Integer.toString(memory.usage().completionTokens()),
            flag(memory.got()),
            memory.end().map(TurnState::of).orElse(memory.state()).name());
    args.addAll(TurnFields.encode(memory));
    return outcome(Script.ASSERT, args);
  }

  @Override
  public Outcome promote(TurnRef ref) {
    return outcome(Script.PROMOTE, args(ref));
  }

  @Override
  public Outcome requeue(TurnRef ref, long lostAfterMs) {
    return outcome(Script.REQUEUE, args(ref, Long.toString(lostAfterMs)));
  }

  @Override
  public Outcome replace(TurnRef old, Admission successor) {
    if (!old.conversation().equals(successor.ref().conversation())) {
      throw new IllegalArgumentException(
          successor.ref() + " is of another conversation than " + old);
    }
    List<String> args =
        args(old, successor.ref().turnId(), Long.toString(successor.validUntilMs()));
    args.addAll(TurnFields.encode(successor));
    return outcome(Script.REPLACE, args);
  }

  @Override
  public Outcome retract(TurnRef ref) {
    return outcome(Script.RETRACT, args(ref));
  }

  @Override
  public ViewReply view(TurnRef ref, long afterDelta) {
    return viewReply(ref, scripts.run(Script.VIEW, args(ref, Long.toString(afterDelta))));
  }

  @Override
  public List<ViewReply> viewAll(List<View> views) {
    List<Object> replies =
        scripts.runAll(Script.VIEW, views, v -> args(v.ref(), Long.toString(v.afterDelta())));
    List<ViewReply> found = new ArrayList<>(replies.size());
    for (int i = 0; i < replies.size(); i++) {
      found.add(viewReply(views.get(i).ref(), replies.get(i)));
    }
    return found;
  }

  private static ViewReply viewReply(TurnRef ref, Object answer) {
    List<?> reply = list(answer);
    return switch (word(reply)) {
      case "FOUND" ->
          new ViewReply.Found(
              TurnFields.decode(ref, list(reply.get(3)), list(reply.get(4))),
              number(reply.get(2)),
              number(reply.get(1)) == 1);
      case "MISSING" -> new ViewReply.Missing();
      case "COLD" -> new ViewReply.Cold();
      default -> throw unknown(Script.VIEW, reply);
    };
  }

  @Override
  public List<DueTurn> sweep(int limit) {
    List<?> reply = list(scripts.run(Script.SWEEP, List.of(Integer.toString(limit))));
    List<DueTurn> found = new ArrayList<>(reply.size() / 2);
    for (int i = 0; i + 1 < reply.size(); i += 2) {
      found.add(new DueTurn(TurnRef.parse(reply.get(i).toString()), reply.get(i + 1).toString()));
    }
    return found;
  }

  @Override
  public Optional<TurnRef> newest(String conversation) {
    return scripts.command(
        "newest",
        redis ->
            Optional.ofNullable(redis.get("n:{" + conversation + "}"))
                .map(id -> new TurnRef(conversation, id)));
  }

  @Override
  public List<TurnRef> queue(String conversation) {
    return scripts.command(
        "queue",
        redis ->
            redis.lrange("q:{" + conversation + "}", 0, -1).stream()
                .map(id -> new TurnRef(conversation, id))
                .toList());
  }

  @Override
  public List<String> history(String conversation) {
    return scripts.command("history", redis -> redis.lrange(historyKey(conversation), 0, -1));
  }

  @Override
  public void forget(String conversation) {
    scripts.run(Script.FORGET, List.of(conversation));
  }

  private static String historyKey(String conversation) {
    return "h:{" + conversation + "}";
  }

  @Override
  public Beat beatGateway(String gateway, long counter) {
    return beat(scripts.run(Script.BEAT_GATEWAY, List.of(gateway, Long.toString(counter))));
  }

  @Override
  public Beat beatWorker(String worker, String load, List<String> atWork) {
    return beat(scripts.run(Script.BEAT_WORKER, List.of(worker, load, String.join(" ", atWork))));
  }

  private static Beat beat(Object answer) {
    List<?> reply = list(answer);
    return new Beat(number(reply.get(0)), number(reply.get(1)), number(reply.get(2)));
  }

  @Override
  public Map<String, String> workers() {
    return TurnFields.pairs(list(scripts.run(Script.WORKERS, List.of())));
  }

  // ---- arguments and replies

  private static List<String> args(TurnRef ref, String... more) {
    List<String> args = new ArrayList<>(more.length + 2);
    args.add(ref.conversation());
    args.add(ref.turnId());
    args.addAll(List.of(more));
    return args;
  }

  private static String flag(boolean set) {
    return set ? "1" : "0";
  }

  private Outcome outcome(Script script, List<String> args) {
    return Outcome.valueOf(scripts.run(script, args).toString());
  }

  /// A reply as a list; a lone word is a list of one.
  private static List<?> list(Object reply) {
    return reply instanceof List<?> list ? list : List.of(reply);
  }

  private static String word(List<?> reply) {
    return reply.getFirst().toString();
  }

  private static long number(Object reply) {
    return reply instanceof Long number ? number : Long.parseLong(reply.toString());
  }

  private static IllegalStateException unknown(Script script, List<?> reply) {
    return new IllegalStateException(script.file + ".lua answered " + reply.getFirst());
  }
}
