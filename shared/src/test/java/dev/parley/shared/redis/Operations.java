package dev.parley.shared.redis;

import dev.parley.shared.turn.Admission;
import dev.parley.shared.turn.Claim;
import dev.parley.shared.turn.HistoryEntry;
import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.turn.TurnState;
import dev.parley.shared.turn.TurnStore;
import dev.parley.shared.turn.TurnView;
import dev.parley.shared.wire.ChatMessage;
import dev.parley.shared.wire.Delta;
import dev.parley.shared.wire.EndReason;
import dev.parley.shared.wire.Lane;
import dev.parley.shared.wire.Prompt;
import dev.parley.shared.wire.ReplyAddress;
import dev.parley.shared.wire.Sampling;
import dev.parley.shared.wire.TokenLogprob;
import dev.parley.shared.wire.TurnRequest;
import dev.parley.shared.wire.Usage;
import dev.parley.shared.wire.Wire;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;

/// Random operations on a small world, so that they meet: few turns, two gateways, two workers, three
/// attempts. Arguments are drawn once and then used on both stores.
final class Operations {

  /// @param text how it is written in the log
  record Operation(String text, Function<TurnStore, Object> call) {}

  private static final List<String> IDS = List.of("T1", "T2", "T3", "T4", "t-5", "t_6");
  private static final List<String> TEXTS =
      List.of("a", "", " \"quoted\" ", "\u0000\u001f\n", "größe", "\uD83D\uDE00", "</s>\\", "z");
  private static final TurnRequest REQUEST =
      new TurnRequest(
          "tenant",
          "user",
          Lane.INTERACTIVE,
          new ReplyAddress("web", ""),
          List.of(ChatMessage.user("hé \"llo\"")),
          true,
          Sampling.greedy(5));

  private final Random random;
  private final List<TurnView> remembered = new ArrayList<>();
  private final Map<String, Long> beats = new HashMap<>();
  private long counter;

  Operations(Random random) {
    this.random = random;
  }

  List<String> all() {
    return List.of("g:g1", "g:g2", "w:w1", "w:w2");
  }

  String channel() {
    return pick(all());
  }

  String process() {
    return pick(List.of("g1", "g2", "w1", "w2"));
  }

  long time() {
    return pick(List.of(0L, 1L, 3L, 100L, 999L, 1_000L, 1_001L, 2_999L, 3_000L, 10_000L, 30_000L));
  }

  Operation beat() {
    String id = pick(List.of("1", "2"));
    long count = counter++;
    if (random.nextBoolean()) {
      beats.put("g" + id, count);
      return new Operation("beatGateway g" + id, s -> s.beatGateway("g" + id, count));
    }
    String load = "{\"c\":" + count + "}";
    List<String> atWork = attempts();
    return new Operation(
        "beatWorker w" + id + " " + atWork, s -> s.beatWorker("w" + id, load, atWork));
  }

  /// @param turns what the store holds, so that arguments are often right
  Operation next(long nowMs, List<TurnView> turns) {
    if (!turns.isEmpty() && random.nextInt(3) == 0) {
      remembered.add(pick(turns));
    }
    List<TurnView> waiting = turns.stream().filter(t -> t.state() == TurnState.WAITING).toList();
    if (!waiting.isEmpty() && random.nextInt(4) == 0) {
      return promote(pick(waiting).ref());
    }
    TurnRef ref = turns.isEmpty() || random.nextInt(4) == 0 ? ref() : pick(turns).ref();
    Optional<TurnView> known = turns.stream().filter(t -> t.ref().equals(ref)).findFirst();
    String attempt = usually(known.map(TurnView::attempt).orElse(""), pick(List.of("A", "B", "C")));
    String gateway = usually(known.map(TurnView::gateway).orElse("g1"), pick(List.of("g1", "g2")));
    return switch (random.nextInt(37)) {
      case 0, 1, 2, 3 -> admit(ref, nowMs);
      case 4, 5 -> new Operation("produced " + ref, s -> s.produced(ref));
      case 6, 7, 8, 9, 10 -> claim(ref, nowMs);
      case 11, 12, 13, 14 -> append(ref, attempt, known);
      case 15 -> restart(ref, attempt, known);
      case 16, 17 -> restore();
      case 18 -> finish(ref, attempt);
      case 19 ->
          new Operation(
              "failAttempt " + ref + " " + attempt,
              s -> s.failAttempt(ref, attempt, EndReason.ENGINE));
      case 20 -> new Operation("handOver " + ref + " " + attempt, s -> s.handOver(ref, attempt));
      case 21 -> giveUp(ref);
      case 22 -> new Operation("got " + ref + " " + gateway, s -> s.got(ref, gateway));
      case 23 -> place(ref, gateway);
      case 24, 25 -> delivered(ref, gateway, known);
      case 26, 27 -> adopt(ref, gateway);
      case 28, 34, 35 -> assertion();
      case 29 -> promote(ref);
      case 30, 36 -> requeue(ref);
      case 31 -> random.nextInt(4) > 0 ? replace(nowMs) : retract();
      case 32 -> read(ref);
      default -> shard();
    };
  }

  private Operation admit(TurnRef ref, long nowMs) {
    Admission a = admission(ref, nowMs);
    return new Operation("admit " + a, s -> s.admit(a));
  }

  private Admission admission(TurnRef ref, long nowMs) {
    return new Admission(
        ref,
        Wire.encode(REQUEST),
        pick(List.of("g1", "g2")),
        pick(List.of(0L, 1_000L, 40_000L, 90_000L)),
        900_000,
        1 + random.nextInt(4),
        random.nextBoolean(),
        nowMs + pick(List.of(8_000L, 8_000L, 8_000L, 1L, 0L)));
  }

  private Operation claim(TurnRef ref, long nowMs) {
    Prompt prompt =
        new Prompt(
            Prompt.SCHEMA,
            ref,
            REQUEST,
            REQUEST.messages(),
            pick(List.of("g1", "g2")),
            nowMs - random.nextInt(3),
            nowMs + pick(List.of(-1L, 0L, 20_000L, 90_000L)),
            nowMs + 100_000,
            "",
            "",
            "",
            Map.of());
    Claim claim =
        new Claim(
            pick(List.of("A", "B", "C")),
            pick(List.of("w1", "w2")),
            pick(List.of("fp1", "fp1", "fp1", "fp2")),
            attempts(),
            random.nextInt(3) == 0,
            3,
            prompt);
    return new Operation("claim " + claim, s -> s.claim(claim));
  }

  private Operation restart(TurnRef ref, String attempt, Optional<TurnView> known) {
    long counted = known.map(TurnView::restarts).orElse(0L);
    long restarts = Math.max(0, counted + pick(List.of(0L, 0L, 0L, -1L, 1L)));
    return new Operation(
        "restart " + ref + " " + attempt + " " + restarts, s -> s.restart(ref, attempt, restarts));
  }

  private Operation append(TurnRef ref, String attempt, Optional<TurnView> known) {
    long last = known.map(TurnView::lastDelta).orElse(0L);
    long first = Math.max(1, last + pick(List.of(1L, 1L, 1L, 1L, 0L, -1L, 2L)));
    List<Delta> deltas = deltas(first, 1 + random.nextInt(3));
    if (random.nextInt(5) > 0) {
      return new Operation(
          "append " + ref + " " + attempt + " " + deltas, s -> s.append(ref, attempt, deltas));
    }
    List<TurnStore.Append> batch =
        List.of(
            new TurnStore.Append(ref, attempt, deltas),
            new TurnStore.Append(ref(), attempt, deltas(1, 1)));
    return new Operation("appendAll " + batch, s -> s.appendAll(batch));
  }

  private List<Delta> deltas(long first, int count) {
    List<Delta> deltas = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int id = random.nextInt(50_000);
      List<TokenLogprob> logprobs =
          id % 4 > 0 ? List.of() : List.of(new TokenLogprob(List.of(id % 256), -id, List.of()));
      deltas.add(new Delta(first + i, List.of(id), pick(TEXTS), logprobs));
    }
    return deltas;
  }

  private Operation restore() {
    if (remembered.isEmpty()) {
      return shard();
    }
    TurnView memory = pick(remembered);
    long age = pick(List.of(0L, 10L, 999L, 1_000L));
    return new Operation("restore " + age + " " + memory, s -> s.restore(memory, age));
  }

  private Operation finish(TurnRef ref, String attempt) {
    String text = pick(TEXTS);
    Usage usage = new Usage(random.nextInt(9), random.nextInt(9));
    return new Operation(
        "finish " + ref + " " + attempt,
        s -> s.finish(ref, attempt, text, EndReason.LENGTH, usage));
  }

  private Operation giveUp(TurnRef ref) {
    return switch (random.nextInt(3)) {
      case 0 -> new Operation("cancel " + ref, s -> s.cancel(ref));
      case 1 -> new Operation("expire " + ref, s -> s.expire(ref));
      default -> new Operation("fail " + ref, s -> s.fail(ref, EndReason.UNREADABLE));
    };
  }

  private Operation place(TurnRef ref, String gateway) {
    int part = random.nextInt(3);
    return random.nextBoolean()
        ? new Operation("placing " + ref + part, s -> s.placing(ref, gateway, part))
        : new Operation("placed " + ref + part, s -> s.placed(ref, gateway, part, "m/" + part));
  }

  private Operation delivered(TurnRef ref, String gateway, Optional<TurnView> known) {
    EndReason end =
        known.flatMap(TurnView::end).filter(e -> random.nextInt(8) > 0).orElse(EndReason.STOP);
    boolean visible = random.nextInt(4) > 0;
    String json = random.nextInt(4) == 0 ? "" : "{\"turnId\":\"" + ref.turnId() + "\"}";
    HistoryEntry entry = new HistoryEntry(json, 1 + random.nextInt(3), 1_000_000_000L);
    return new Operation(
        "delivered " + ref + " " + gateway + " " + end + " " + visible + " " + entry,
        s -> s.delivered(ref, gateway, end, visible, entry));
  }

  private Operation adopt(TurnRef ref, String gateway) {
    String by = pick(List.of("g1", "g2"));
    long beat = usually(beats.getOrDefault(by, 0L), counter);
    return new Operation(
        "adopt " + ref + " " + gateway + " " + by + " " + beat,
        s -> s.adopt(ref, gateway, by, beat));
  }

  private Operation assertion() {
    if (remembered.isEmpty()) {
      return shard();
    }
    TurnView memory = random.nextBoolean() ? pick(remembered) : changed(pick(remembered));
    return new Operation("assertTurn " + memory, s -> s.assertTurn(memory));
  }

  private TurnView changed(TurnView v) {
    TurnState state =
        pick(
            List.of(
                TurnState.WAITING,
                TurnState.WAITING,
                TurnState.DONE,
                TurnState.EXPIRED,
                TurnState.CANCELLED,
                TurnState.DELIVERED,
                TurnState.UNDELIVERABLE));
    return new TurnView(
        v.ref(),
        state,
        v.request(),
        pick(List.of(v.gateway(), v.gateway(), "g1", "g2")),
        Math.max(0, v.adoptions() + pick(List.of(0, 0, 1, -1))),
        v.admittedMs(),
        v.deadlineMs(),
        v.deliverByMs(),
        v.attempt(),
        v.worker(),
        v.restarts(),
        v.fingerprint(),
        v.starts(),
        v.yields(),
        v.orphan(),
        v.parts(),
        v.placing(),
        state.ended() ? "remembered" : "",
        state.ended() ? Optional.of(EndReason.STOP) : Optional.empty(),
        new Usage(1, 2),
        random.nextBoolean(),
        v.deltas());
  }

  private static Operation promote(TurnRef ref) {
    return new Operation("promote " + ref, s -> s.promote(ref));
  }

  private Operation requeue(TurnRef ref) {
    long lost = pick(List.of(0L, 1_000L, 3_000L, 30_000L));
    return new Operation("requeue " + ref + " " + lost, s -> s.requeue(ref, lost));
  }

  private Operation retract() {
    TurnRef ref = ref();
    return new Operation("retract " + ref, s -> s.retract(ref));
  }

  private Operation replace(long nowMs) {
    String conversation = pick(List.of("c:1", "c@2"));
    TurnRef old = new TurnRef(conversation, pick(IDS));
    Admission a = admission(new TurnRef(conversation, pick(IDS)), nowMs);
    return new Operation("replace " + old + " " + a, s -> s.replace(old, a));
  }

  private Operation read(TurnRef ref) {
    long after = random.nextInt(4);
    if (random.nextBoolean()) {
      return new Operation("view " + ref + " " + after, s -> s.view(ref, after));
    }
    List<TurnStore.View> views =
        List.of(new TurnStore.View(ref, after), new TurnStore.View(ref(), 0));
    return new Operation("viewAll " + views, s -> s.viewAll(views));
  }

  private Operation shard() {
    String conversation = pick(List.of("c:1", "c@2"));
    return switch (random.nextInt(8)) {
      case 4 -> new Operation("queue " + conversation, s -> s.queue(conversation));
      case 3 -> new Operation("newest " + conversation, s -> s.newest(conversation));
      case 0 -> new Operation("workers ", s -> s.workers());
      case 1 -> new Operation("history " + conversation, s -> s.history(conversation));
      case 2 ->
          random.nextInt(4) > 0
              ? new Operation("history " + conversation, s -> s.history(conversation))
              : new Operation(
                  "forget " + conversation,
                  s -> {
                    s.forget(conversation);
                    return "";
                  });
      default -> {
        int limit = 1 + random.nextInt(5);
        yield new Operation("sweep " + limit, s -> s.sweep(limit));
      }
    };
  }

  private List<String> attempts() {
    return pick(
        List.of(List.of("A", "B", "C"), List.of("C", "A"), List.of("B"), List.of("AB"), List.of()));
  }

  private TurnRef ref() {
    return new TurnRef(pick(List.of("c:1", "c:1", "c@2")), pick(IDS));
  }

  private <T> T usually(T right, T other) {
    return random.nextInt(6) > 0 ? right : other;
  }

  private <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }
}
