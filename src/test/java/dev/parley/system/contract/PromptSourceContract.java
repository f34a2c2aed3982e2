package dev.parley.system.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.parley.gateway.dispatch.ProduceResult;
import dev.parley.shared.wire.Lane;
import dev.parley.worker.intake.AckResult;
import dev.parley.worker.intake.HeldRecord;
import dev.parley.worker.intake.PromptHolder;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a worker may rely on in a queue, and what it must not.
abstract class PromptSourceContract {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Duration SHORT = Duration.ofMillis(100);

  private final List<PromptHolder> holders = new ArrayList<>();
  private QueueBench bench;

  abstract QueueBench newBench() throws IOException;

  @BeforeEach
  void start() throws IOException {
    bench = newBench();
  }

  @AfterEach
  void stop() throws IOException {
    holders.forEach(PromptHolder::close);
    bench.close();
  }

  @Test
  void a_prompt_comes_as_it_was_sent_and_never_again_after_it_was_accepted() {
    PromptHolder holder = holder("a");
    send("c/1", "hello");
    HeldRecord record = take(holder);
    assertThat(record.key()).isEqualTo("c/1");
    assertThat(record.value()).asString(UTF_8).isEqualTo("hello");
    assertThat(record.deliveryCount()).isEqualTo(1);
    assertThat(holder.accept()).isEqualTo(AckResult.CONFIRMED);
    send("c/2", "next");
    assertThat(take(holder).key()).isEqualTo("c/2");
  }

  @Test
  void prompts_sent_before_the_first_holder_came_are_delivered() {
    send("c/1", "early");
    assertThat(take(holder("a")).key()).isEqualTo("c/1");
  }

  @Test
  void each_lane_has_its_own_prompts() {
    PromptHolder interactive = holder("a");
    send(Lane.BATCH, "c/batch", "piece".getBytes(UTF_8));
    send("c/1", "question");
    assertThat(take(interactive).key()).isEqualTo("c/1");
    PromptHolder batch = bench.source().open(Lane.BATCH, "b");
    holders.add(batch);
    assertThat(take(batch).key()).isEqualTo("c/batch");
  }

  @Test
  void a_renewed_prompt_stays_with_its_holder_past_its_lock() throws Exception {
    PromptHolder holder = holder("a");
    PromptHolder rival = holder("b");
    send("c/1", "long");
    HeldRecord record = take(holder);
    CompletableFuture<Optional<HeldRecord>> rivals = inBackground(() -> rival.poll(LONG));
    long end = System.nanoTime() + 2 * bench.lock().toNanos();
    await()
        .atMost(LONG)
        .pollInterval(bench.lock().dividedBy(6))
        .until(() -> {
          assertThat(holder.renew()).isEqualTo(AckResult.CONFIRMED);
          return System.nanoTime() > end;
        });
    // The rival has waited all the time and gets what nobody holds.
    send("c/2", "other");
    HeldRecord other = rivals.get(60, TimeUnit.SECONDS).orElseThrow();
    assertThat(other.key()).isEqualTo("c/2");
    assertThat(record.key()).isEqualTo("c/1");
    assertThat(holder.accept()).isEqualTo(AckResult.CONFIRMED);
  }

  @Test
  void closing_gives_a_held_prompt_back_and_counts_the_delivery() {
    PromptHolder holder = holder("a");
    send("c/1", "x");
    take(holder);
    Optional<HeldRecord> left = holder.drainAndClose(Duration.ofSeconds(5));
    assertThat(left.orElseThrow().key()).isEqualTo("c/1");
    HeldRecord again = take(holder("b"));
    assertThat(again.key()).isEqualTo("c/1");
    assertThat(again.deliveryCount()).isEqualTo(2);
  }

  @Test
  void a_lapsed_lock_gives_the_prompt_to_a_rival_and_the_late_renewal_is_told() {
    PromptHolder holder = holder("a");
    send("c/1", "x");
    take(holder);
    PromptHolder rival = holder("b");
    HeldRecord taken = take(rival);
    assertThat(taken.key()).isEqualTo("c/1");
    assertThat(taken.deliveryCount()).isEqualTo(2);
    assertThat(holder.renew()).isEqualTo(AckResult.LOST);
    assertThat(holder.renew()).isEqualTo(AckResult.LOST);
    assertThat(holder.accept()).isEqualTo(AckResult.LOST);
    assertThat(rival.accept()).isEqualTo(AckResult.CONFIRMED);
    // The one that lost is as good as new.
    send("c/2", "y");
    assertThat(take(holder).key()).isEqualTo("c/2");
  }

  @Test
  void an_abandoned_prompt_goes_to_another_and_its_holder_goes_on() {
    PromptHolder first = holder("a");
    send("c/1", "x");
    take(first);

    first.abandon();

    assertThat(first.accept()).isEqualTo(AckResult.LOST);
    PromptHolder second = holder("b");
    HeldRecord again = take(second);
    assertThat(again.deliveryCount()).isEqualTo(2);
    assertThat(second.accept()).isEqualTo(AckResult.CONFIRMED);
    send("c/2", "y");
    second.close();
    assertThat(take(first).key()).isEqualTo("c/2");
    assertThat(first.accept()).isEqualTo(AckResult.CONFIRMED);
  }

  @Test
  void a_late_acknowledgement_is_refused_while_a_rival_works() {
    PromptHolder holder = holder("a");
    send("c/1", "x");
    take(holder);
    PromptHolder rival = holder("b");
    take(rival);
    assertThat(holder.accept()).isEqualTo(AckResult.LOST);
    assertThat(rival.accept()).isEqualTo(AckResult.CONFIRMED);
  }

  @Test
  void a_late_acknowledgement_is_confirmed_once_the_rival_has_finished() {
    PromptHolder holder = holder("a");
    send("c/1", "x");
    take(holder);
    PromptHolder rival = holder("b");
    take(rival);
    assertThat(rival.accept()).isEqualTo(AckResult.CONFIRMED);
    assertThat(holder.accept()).isEqualTo(AckResult.CONFIRMED);
  }

  @Test
  void a_late_acknowledgement_is_refused_after_the_rival_while_an_earlier_prompt_is_open() {
    PromptHolder first = holder("a");
    PromptHolder second = holder("b");
    send("c/1", "x");
    take(first);
    send("c/2", "y");
    assertThat(take(second).key()).isEqualTo("c/2");
    PromptHolder rival = holder("c");
    CompletableFuture<HeldRecord> rivals = inBackground(() -> take(rival));
    await()
        .atMost(LONG)
        .pollInterval(bench.lock().dividedBy(6))
        .until(() -> {
          assertThat(first.renew()).isEqualTo(AckResult.CONFIRMED);
          return rivals.isDone();
        });
    assertThat(rivals.join().key()).isEqualTo("c/2");
    assertThat(rival.accept()).isEqualTo(AckResult.CONFIRMED);
    assertThat(second.accept()).isEqualTo(AckResult.LOST);
    assertThat(first.accept()).isEqualTo(AckResult.CONFIRMED);
  }

  @Test
  void a_rejected_prompt_becomes_a_dead_letter_and_its_holder_goes_on() throws Exception {
    byte[] garbage = {(byte) 0xff, 0, (byte) 0xc3, 0x28};
    PromptHolder holder = holder("a");
    send(Lane.INTERACTIVE, "c/1", garbage);
    assertThat(take(holder).value()).isEqualTo(garbage);
    assertThat(holder.reject()).isEqualTo(AckResult.CONFIRMED);
    send("c/2", "fine");
    assertThat(take(holder).key()).isEqualTo("c/2");
    assertThat(firstDeadLetter()).isEqualTo(garbage);
  }

  @Test
  void a_prompt_delivered_too_often_becomes_a_dead_letter() throws Exception {
    PromptHolder holder = holder("a");
    send("c/1", "poison");
    for (int delivery = 1; delivery <= QueueBench.DELIVERY_LIMIT; delivery++) {
      assertThat(take(holder).deliveryCount()).isEqualTo(delivery);
      assertThat(holder.release()).isEqualTo(AckResult.CONFIRMED);
    }
    assertThat(firstDeadLetter()).asString(UTF_8).isEqualTo("poison");
  }

  @Test
  void a_prompt_without_key_or_with_garbage_as_key_is_delivered() {
    PromptHolder holder = holder("a");
    send("", "x");
    assertThat(take(holder).key()).isEmpty();
    assertThat(holder.accept()).isEqualTo(AckResult.CONFIRMED);
  }

  @Test
  void a_restarted_broker_gives_a_held_prompt_to_another_and_forgets_its_delivery() {
    PromptHolder holder = holder("a");
    send("c/1", "x");
    take(holder);
    bench.stopBroker();
    bench.startBroker();
    assertThat(holder.renew()).isNotEqualTo(AckResult.CONFIRMED);
    HeldRecord again = take(holder("b"));
    assertThat(again.key()).isEqualTo("c/1");
    assertThat(again.deliveryCount()).isEqualTo(1);
    assertThat(holder.accept()).isEqualTo(AckResult.LOST);
  }

  @Test
  void a_restarted_broker_remembers_the_deliveries_that_were_given_back() {
    PromptHolder holder = holder("a");
    send("c/1", "x");
    take(holder);
    assertThat(holder.release()).isEqualTo(AckResult.CONFIRMED);
    assertThat(take(holder).deliveryCount()).isEqualTo(2);
    bench.stopBroker();
    bench.startBroker();
    assertThat(holder.accept()).isNotEqualTo(AckResult.CONFIRMED);
    assertThat(take(holder).deliveryCount()).isEqualTo(2);
  }

  @Test
  void a_holder_that_idles_leaves_every_prompt_to_the_others() {
    PromptHolder idler = holder("a");
    PromptHolder worker = holder("b");
    for (int i = 0; i < 12; i++) {
      assertThat(idler.poll(SHORT)).isEmpty();
      idler.idle();
      send("c/" + i, "x");
      HeldRecord record = take(worker);
      assertThat(record.key()).isEqualTo("c/" + i);
      assertThat(record.deliveryCount()).isEqualTo(1);
      assertThat(worker.accept()).isEqualTo(AckResult.CONFIRMED);
    }
    send("c/last", "x");
    worker.idle();
    assertThat(take(idler).key()).isEqualTo("c/last");
  }

  @Test
  void waking_a_holder_ends_its_wait() throws Exception {
    PromptHolder holder = holder("a");
    CountDownLatch begun = new CountDownLatch(1);
    CompletableFuture<Optional<HeldRecord>> polled =
        inBackground(() -> {
          begun.countDown();
          return holder.poll(Duration.ofMinutes(4));
        });
    assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
    holder.wakeup();
    assertThat(polled.get(60, TimeUnit.SECONDS)).isEmpty();
  }

  @Test
  void waking_a_holder_never_disturbs_what_it_holds() throws Exception {
    PromptHolder holder = holder("a");
    for (int i = 0; i < 100; i++) {
      send("c/" + i, "x");
      CompletableFuture<Void> waking = inBackground(() -> wakeOften(holder));
      HeldRecord record = take(holder);
      assertThat(record.key()).isEqualTo("c/" + i);
      assertThat(holder.renew()).isEqualTo(AckResult.CONFIRMED);
      assertThat(holder.accept()).isEqualTo(AckResult.CONFIRMED);
      waking.get(60, TimeUnit.SECONDS);
    }
  }

  @Test
  void a_full_group_is_named_as_trouble_and_joined_when_there_is_room() {
    List<PromptHolder> members = new ArrayList<>();
    for (int i = 0; i < QueueBench.MAX_MEMBERS; i++) {
      PromptHolder member = holder("member-" + i);
      send("c/" + i, "x");
      take(member);
      assertThat(member.accept()).isEqualTo(AckResult.CONFIRMED);
      members.add(member);
    }
    PromptHolder late = holder("late");
    await()
        .atMost(LONG)
        .until(() -> {
          assertThat(late.poll(SHORT)).isEmpty();
          return !bench.source().troubles().isEmpty();
        });
    assertThat(bench.source().troubles()).singleElement().asString().contains("full");
    members.forEach(PromptHolder::close);
    send("c/late", "x");
    assertThat(take(late).key()).isEqualTo("c/late");
    assertThat(bench.source().troubles()).isEmpty();
  }

  @Test
  void a_holder_used_out_of_turn_says_so() {
    PromptHolder holder = holder("a");
    assertThatThrownBy(holder::accept).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(holder::renew).isInstanceOf(IllegalStateException.class);
    send("c/1", "x");
    take(holder);
    assertThatThrownBy(() -> holder.poll(SHORT)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(holder::idle).isInstanceOf(IllegalStateException.class);
    holder.close();
    assertThatThrownBy(() -> holder.poll(SHORT)).isInstanceOf(IllegalStateException.class);
  }

  private PromptHolder holder(String name) {
    PromptHolder holder = bench.source().open(Lane.INTERACTIVE, name);
    holders.add(holder);
    return holder;
  }

  private void send(String key, String text) {
    send(Lane.INTERACTIVE, key, text.getBytes(UTF_8));
  }

  private void send(Lane lane, String key, byte[] value) {
    assertThat(bench.sink().produce(lane, key, value).join()).isEqualTo(ProduceResult.PRODUCED);
  }

  private static HeldRecord take(PromptHolder holder) {
    return await()
        .atMost(LONG)
        .pollInterval(Duration.ofMillis(1))
        .until(() -> holder.poll(SHORT), Optional::isPresent)
        .orElseThrow();
  }

  private byte[] firstDeadLetter() throws Exception {
    CompletableFuture<byte[]> first = new CompletableFuture<>();
    try (var reading = bench.deadLetters().read((turn, value, reason) -> first.complete(value))) {
      assertThat(reading).isNotNull();
      return first.get(60, TimeUnit.SECONDS);
    }
  }

  private static void wakeOften(PromptHolder holder) {
    for (int i = 0; i < 50; i++) {
      holder.wakeup();
      Thread.onSpinWait();
    }
  }

  private static CompletableFuture<Void> inBackground(Runnable work) {
    return CompletableFuture.runAsync(work, command -> Thread.ofVirtual().start(command));
  }

  private static <T> CompletableFuture<T> inBackground(Supplier<T> work) {
    return CompletableFuture.supplyAsync(work, command -> Thread.ofVirtual().start(command));
  }
}
