package dev.parley.gateway.turn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GatewayLoopTest {

  private final GatewayLoop loop = new GatewayLoop(1);

  @AfterEach
  void stop() {
    loop.close();
  }

  private static void await(CountDownLatch latch) throws InterruptedException {
    assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void tasks_and_ticks_run_in_order_on_one_thread() throws Exception {
    CountDownLatch ticks = new CountDownLatch(3);
    loop.start(ticks::countDown);
    List<String> seen = new ArrayList<>();
    CountDownLatch done = new CountDownLatch(1);
    loop.post(() -> seen.add("1 " + Thread.currentThread().getName()));
    loop.post(() -> seen.add("2 " + Thread.currentThread().getName()));
    loop.post(done::countDown);
    await(done);
    await(ticks);
    assertThat(seen).containsExactly("1 gateway-loop", "2 gateway-loop");
  }

  @Test
  void a_task_that_throws_does_not_stop_the_others() throws Exception {
    CountDownLatch ticks = new CountDownLatch(2);
    loop.start(() -> {
      ticks.countDown();
      throw new IllegalStateException("a bug in the tick");
    });
    CountDownLatch done = new CountDownLatch(1);
    loop.post(() -> {
      throw new IllegalStateException("a bug in a task");
    });
    loop.post(done::countDown);
    await(done);
    await(ticks);
  }

  @Test
  void the_loop_can_give_itself_more_tasks_than_its_mailbox_holds() throws Exception {
    loop.start(() -> {});
    CountDownLatch done = new CountDownLatch(10);
    loop.post(() -> {
      for (int i = 0; i < 10; i++) {
        loop.post(done::countDown);
      }
    });
    await(done);
  }
}
