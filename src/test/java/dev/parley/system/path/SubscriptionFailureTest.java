package dev.parley.system.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.standalone.Node;
import dev.parley.system.path.RespFrames.Frame;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A gateway that hears of its answers too late, twice, in the wrong order or not at all (rows R6, R7,
/// R9, R10): what is published is only a doorbell.
final class SubscriptionFailureTest {
  private static Cluster cluster;
  private static RedisProxy proxy;

  @BeforeAll
  static void start() {
    cluster = Cluster.proxied("subscription");
    proxy = cluster.proxy();
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @BeforeEach
  void all_serve() {
    cluster.awaitReady();
  }

  @AfterEach
  void all_passes() {
    proxy.behave();
  }

  @Test
  void no_word_is_lost_that_was_published_before_the_subscription_was_acknowledged() {
    proxy.holdBack(SubscriptionFailureTest::subscribes);
    assertThat(cluster.servers().cutSubscriptions()).isPositive();
    awaitOneThatWaits();

    Chat.Sent sent = cluster.chat(0).send("R6 please write 200 words");
    sent.reader().awaitWords(30);
    assertThat(proxy.waiting()).isPositive();
    proxy.behave();

    assertExact(sent, "R6 please write 200 words");
  }

  @Test
  void a_gateway_takes_nothing_in_before_its_first_subscription_is_acknowledged() {
    Node gateway = cluster.gateway(0);
    gateway.kill();
    proxy.holdBack(SubscriptionFailureTest::subscribes);
    gateway.startAgain();
    await("the gateway names what it waits for")
        .atMost(Node.START_LIMIT)
        .until(() -> gateway.get("/health/ready"), said -> said.contains("not subscribed yet"));
    Chat chat = cluster.chat(0);
    var message = new Chat.Message(Chat.freshId(), "R6 please write 60 words");
    assertThat(chat.submit(message).status()).isEqualTo(503);

    proxy.behave();
    gateway.awaitReady();

    assertThat(chat.submit(message).status()).isEqualTo(202);
    assertExact(chat.sent(message), message.text());
  }

  @Test
  void an_answer_ends_although_the_message_that_it_ended_was_lost() {
    List<Frame> lost = new CopyOnWriteArrayList<>();
    proxy.deliver(
        message -> message.text().startsWith("E ") ? lose(lost, message) : List.of(message));

    Chat.Sent sent = cluster.chat(0).send("R7 please write 60 words");

    assertExact(sent, "R7 please write 60 words");
    assertThat(lost).hasSize(1);
  }

  @Test
  void words_that_come_twice_and_in_the_wrong_order_are_shown_once_and_in_the_right_one() {
    double before = repairs();
    proxy.deliver(new Shuffle());

    Chat.Sent sent = cluster.chat(0).send("R9 please write 200 words");

    assertExact(sent, "R9 please write 200 words");
    assertThat(repairs()).isGreaterThan(before);
  }

  @Test
  void words_that_come_after_they_were_read_from_the_record_are_not_shown_again() {
    Late late = new Late();
    proxy.deliver(late);
    Chat.Sent sent = cluster.chat(0).send("R10 please write 200 words");
    sent.reader().awaitWords(60);

    late.catchUp();

    assertExact(sent, "R10 please write 200 words");
    assertThat(late.caughtUp()).isGreaterThan(10);
  }

  @Test
  void readers_who_come_in_the_middle_see_no_word_twice() {
    Chat here = cluster.chat(0);
    Chat elsewhere = here.through(cluster.gateway(1));
    var message = new Chat.Message(Chat.freshId(), "R10 please write 150 words");
    assertThat(here.submit(message).status()).isEqualTo(202);
    List<Reader> readers = new ArrayList<>(List.of(here.follow(message)));

    for (int words = 10; words <= 100; words += 10) {
      readers.getFirst().awaitWords(words);
      readers.add(here.follow(message));
      readers.add(elsewhere.follow(message));
    }

    assertThat(readers)
        .hasSize(21)
        .allSatisfy(reader -> {
          assertThat(reader.awaitAnswer()).isEqualTo(Chat.expected(message.text()));
          assertThat(reader.restarts()).isZero();
        });
  }

  private static boolean subscribes(Frame command) {
    return command.words().getFirst().equalsIgnoreCase("SUBSCRIBE");
  }

  private static void awaitOneThatWaits() {
    await("a subscription waits").atMost(Cluster.LIMIT).until(() -> proxy.waiting() > 0);
  }

  private static List<Frame> lose(List<Frame> lost, Frame message) {
    lost.add(message);
    return List.of();
  }

  private static double repairs() {
    return cluster.gateway(0).metric("parley_gap_repairs_total");
  }

  private static void assertExact(Chat.Sent sent, String question) {
    assertThat(sent.answer()).isEqualTo(Chat.expected(question));
    assertThat(sent.reader().restarts()).isZero();
    assertThat(cluster.turn(sent.ref()).starts()).isEqualTo(1);
  }

  /// Of each two messages the second comes first, and both come again.
  private static final class Shuffle implements RedisProxy.Delivery {
    private final List<Frame> first = new ArrayList<>();

    @Override
    public List<Frame> deliver(Frame message) {
      if (first.isEmpty()) {
        first.add(message);
        return List.of();
      }
      Frame earlier = first.removeFirst();
      return List.of(message, earlier, message, earlier);
    }
  }

  /// Nothing comes, until all that did not come comes at once, before the next message.
  private static final class Late implements RedisProxy.Delivery {
    private final List<Frame> missed = new ArrayList<>();
    private final AtomicInteger caughtUp = new AtomicInteger();
    private volatile boolean late = true;

    void catchUp() {
      late = false;
    }

    int caughtUp() {
      return caughtUp.get();
    }

    @Override
    public List<Frame> deliver(Frame message) {
      if (late) {
        missed.add(message);
        return List.of();
      }
      caughtUp.addAndGet(missed.size());
      List<Frame> all = Stream.concat(missed.stream(), Stream.of(message)).toList();
      missed.clear();
      return all;
    }
  }
}
