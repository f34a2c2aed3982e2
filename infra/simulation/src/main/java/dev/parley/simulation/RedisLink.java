package dev.parley.simulation;

import dev.parley.shared.turn.StoreCaller;
import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.turn.TurnStore;
import java.util.function.Consumer;
import java.util.function.Function;

/// A process's way to Redis: requests and replies take time, a reply may be lost, a request too.
final class RedisLink implements StoreCaller {

  /// A client gives a call up after this, ms.
  static final long TIMEOUT_MS = 1_000;

  private final World world;
  private final Actor caller;

  RedisLink(World world, Actor caller) {
    this.world = world;
    this.caller = caller;
  }

  /// Answers once: the reply or the timeout, whichever is first.
  private static final class Once {
    private boolean answered;

    void run(Runnable what) {
      if (!answered) {
        answered = true;
        what.run();
      }
    }
  }

  @Override
  public <R> void call(
      String what,
      TurnRef ref,
      Function<TurnStore, R> script,
      Consumer<R> reply,
      Runnable unknown) {
    Once once = new Once();
    caller.after(TIMEOUT_MS, () -> once.run(unknown));
    if (world.strikes(Fault.STORE_TIMEOUT_BEFORE)) {
      world.log(() -> caller.id + " " + what + " " + ref + ": request lost");
      return;
    }
    boolean replyLost = world.strikes(Fault.STORE_TIMEOUT_AFTER);
    world
        .network()
        .atRedis(() -> {
          R result = script.apply(world.store());
          world.log(() ->
              caller.id
                  + " "
                  + what
                  + " "
                  + ref
                  + " -> "
                  + result
                  + (replyLost ? " (reply lost)" : ""));
          world.onScript(what);
          if (!replyLost) {
            caller.after(world.network().latency(), () -> once.run(() -> reply.accept(result)));
          }
        });
  }
}
