package dev.parley.simulation;

import dev.parley.gateway.reply.ReplyPlatform;
import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.wire.ReplyAddress;
import java.util.Optional;
import java.util.function.Consumer;

/// A chat platform's API as one gateway sees it: slow, sometimes unsure, sometimes busy.
final class SimPlatform implements ReplyPlatform {

  /// Its messages can be looked up.
  static final String FINDABLE = "findable";

  /// Its messages cannot.
  static final String BLIND = "blind";

  /// A client gives a call up after this, ms.
  private static final long TIMEOUT_MS = 3_000;

  private static final long MAX_DELAY_MS = 80;

  private final World world;
  private final Actor caller;
  private final boolean findable;

  /// The platform behind an address; none for a reader that fetches the answer itself.
  static Optional<ReplyPlatform> behind(World world, Actor caller, ReplyAddress address) {
    return switch (address.platform()) {
      case FINDABLE -> Optional.of(new SimPlatform(world, caller, true));
      case BLIND -> Optional.of(new SimPlatform(world, caller, false));
      default -> Optional.empty();
    };
  }

  private SimPlatform(World world, Actor caller, boolean findable) {
    this.world = world;
    this.caller = caller;
    this.findable = findable;
  }

  private interface Call {
    Result run(Case turn);
  }

  @Override
  public boolean canFind() {
    return findable;
  }

  @Override
  public void send(TurnRef ref, String text, Consumer<Result> then) {
    call(
        "send",
        ref,
        turn -> {
          Case.Message message = new Case.Message(ref.turnId() + "-" + turn.messages.size(), text);
          turn.messages.add(message);
          world.log(() -> ref + " message " + message.id + ": " + text);
          return new Result.Ok(message.id);
        },
        then);
  }

  @Override
  public void edit(TurnRef ref, String messageId, String text, Consumer<Result> then) {
    call(
        "edit",
        ref,
        turn -> {
          for (Case.Message message : turn.messages) {
            if (message.id.equals(messageId)) {
              message.text = text;
              world.log(() -> ref + " edit " + messageId + ": " + text);
              return new Result.Ok(messageId);
            }
          }
          return new Result.Gone();
        },
        then);
  }

  @Override
  public void find(TurnRef ref, Consumer<Result> then) {
    call(
        "find",
        ref,
        turn ->
            turn.messages.isEmpty()
                ? new Result.Absent()
                : new Result.Ok(turn.messages.getFirst().id),
        then);
  }

  private void call(String what, TurnRef ref, Call call, Consumer<Result> then) {
    if (world.strikes(Fault.PLATFORM_GONE)) {
      world.turn(ref).gone = true;
      caller.after(world.random(MAX_DELAY_MS), () -> then.accept(new Result.Gone()));
    } else if (world.strikes(Fault.PLATFORM_429)) {
      caller.after(world.random(MAX_DELAY_MS), () -> then.accept(new Result.Later(1_500)));
    } else if (world.strikes(Fault.PLATFORM_TIMEOUT_BEFORE)) {
      world.log(() -> ref + " " + what + " never arrived");
      caller.after(TIMEOUT_MS, () -> then.accept(new Result.Unknown()));
    } else {
      boolean replyLost = world.strikes(Fault.PLATFORM_TIMEOUT_AFTER);
      long delay = 5 + world.random(MAX_DELAY_MS);
      world.after(
          delay,
          () -> {
            Result result = call.run(world.turn(ref));
            world.onScript(what);
            if (replyLost) {
              world.log(() -> ref + " " + what + ": reply lost");
              caller.after(TIMEOUT_MS - delay, () -> then.accept(new Result.Unknown()));
            } else {
              caller.after(world.random(20), () -> then.accept(result));
            }
          });
    }
  }
}
