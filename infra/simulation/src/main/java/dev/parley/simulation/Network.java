package dev.parley.simulation;

import dev.parley.gateway.dispatch.ProduceResult;
import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.wire.ChannelMessage;
import dev.parley.shared.wire.Lane;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/// The ways between gateways, Redis, broker and workers, and for how long they are cut.
final class Network {
  private final World world;
  private final SplittableRandom random;
  private final Map<String, Long> lastDelivery = new HashMap<>();
  private Optional<byte[]> lastPrompt = Optional.empty();
  private long redisUntilMs;
  private long brokerUntilMs;

  Network(World world, SplittableRandom random) {
    this.world = world;
    this.random = random;
  }

  /// How long a message is under way, ms.
  long latency() {
    return random.nextInt(3);
  }

  // ---- Redis

  /// Redis answers nothing until then.
  void redisAway(long untilMs) {
    redisUntilMs = untilMs;
  }

  void atRedis(Runnable script) {
    world.after(Math.max(latency(), redisUntilMs - world.now()), script);
  }

  // ---- the broker

  /// The broker answers nothing until then.
  void brokerAway(long untilMs) {
    brokerUntilMs = untilMs;
  }

  boolean brokerDown() {
    return world.now() < brokerUntilMs;
  }

  /// What was produced last.
  Optional<byte[]> lastPrompt() {
    return lastPrompt;
  }

  void produce(Actor caller, TurnRef ref, Lane lane, byte[] value, Consumer<ProduceResult> then) {
    boolean unknown = world.strikes(Fault.PRODUCE_UNKNOWN);
    boolean lost = brokerDown() || (unknown && random.nextBoolean());
    if (!lost) {
      world.after(
          2,
          () -> {
            long offset = world.queue().produce(lane, ref.toString(), value, world.now());
            lastPrompt = Optional.of(value);
            world.log(() -> caller.id + " produced " + ref + " at " + offset);
            world.onScript("produce");
          });
    }
    caller.after(
        lost || unknown ? RedisLink.TIMEOUT_MS : 5,
        () -> then.accept(lost || unknown ? ProduceResult.UNKNOWN : ProduceResult.PRODUCED));
  }

  // ---- channels

  /// @return how many have heard it
  int publish(String channel, ChannelMessage message) {
    String id = channel.substring(2);
    if (channel.startsWith("w:")) {
      return (int)
          world.fleet().workers().stream()
              .filter(w -> w.actor.alive() && w.actor.id.equals(id))
              .peek(w -> w.actor.after(latency(), () -> w.receive(message)))
              .count();
    }
    for (SimGateway gateway : world.fleet().gateways()) {
      if (gateway.actor.id.equals(id) && gateway.actor.alive() && gateway.subscribed()) {
        send(gateway, message);
        return 1;
      }
    }
    return 0;
  }

  private void send(SimGateway gateway, ChannelMessage message) {
    if (world.strikes(Fault.LOST_MESSAGE)) {
      return;
    }
    if (message instanceof ChannelMessage.Ended && world.strikes(Fault.LOST_END)) {
      // What an early acceptance would lose: the end is in Redis alone.
      if (random.nextInt(3) == 0) {
        world.after(60 + random.nextLong(700), () -> world.trouble().strike(Fault.REDIS_WIPE));
      }
      return;
    }
    long at = Math.max(world.now() + latency(), lastDelivery.getOrDefault(gateway.actor.id, 0L));
    if (world.strikes(Fault.REORDERED_MESSAGE)) {
      at += 100;
    } else {
      lastDelivery.put(gateway.actor.id, at);
    }
    int copies = world.strikes(Fault.DUPLICATE_MESSAGE) ? 2 : 1;
    for (int i = 0; i < copies; i++) {
      gateway.actor.after(at - world.now() + 40L * i, () -> gateway.receive(message));
    }
  }
}
