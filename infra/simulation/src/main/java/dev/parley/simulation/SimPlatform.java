package dev.parley.simulation;

import dev.parley.gateway.reply.ReplyContent;
import dev.parley.gateway.reply.ReplyPlatform;
import dev.parley.gateway.reply.Urgency;
import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.wire.ReplyAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// A chat platform's API as one gateway sees it: slow, sometimes unsure, sometimes busy.
final class SimPlatform implements ReplyPlatform<String> {

  /// Its messages can be looked up.
  static final String FINDABLE = "findable";

  /// Its messages cannot; in every other run it previews answers while they grow.
  static final String BLIND = "blind";

  /// A client gives a call up after this, ms.
  private static final long TIMEOUT_MS = 3_000;

  private static final long MAX_DELAY_MS = 80;

  /// Characters of a message: short, so that answers roll over.
  private static final int MESSAGE_CHARS = 60;

  /// Least time between two edits that are not urgent, ms.
  private static final long EDIT_EVERY_MS = 1_100;

  /// A preview is shown again after this time, ms.
  private static final long PREVIEW_MS = 2_000;

  private final World world;
  private final Actor caller;
  private final boolean findable;
  private long freeAtMs;

  /// The platform behind an address; none for a reader that fetches the answer itself.
  static Optional<SimPlatform> behind(World world, Actor caller, ReplyAddress address) {
    return switch (address.platform()) {
      case FINDABLE -> Optional.of(new SimPlatform(world, caller, true));
      case BLIND -> Optional.of(new SimPlatform(world, caller, false));
      default -> Optional.empty();
    };
  }

  /// The platform of messages that are edited.
  static SimPlatform of(World world, Actor caller, Case.Kind kind) {
    return new SimPlatform(world, caller, kind == Case.Kind.FINDABLE);
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
  public List<String> pages(ReplyContent content) {
    return split(content.plain());
  }

  /// A text as the messages that hold it.
  static List<String> split(String text) {
    List<String> pages = new ArrayList<>();
    for (int at = 0; at < text.length(); at += MESSAGE_CHARS) {
      pages.add(text.substring(at, Math.min(text.length(), at + MESSAGE_CHARS)));
    }
    return pages;
  }

  @Override
  public void whenFree(Supplier<Urgency> urgency, Runnable then) {
    long now = world.now();
    long waitMs = urgency.get() == Urgency.MORE ? Math.max(0, freeAtMs - now) : 0;
    freeAtMs = now + waitMs + EDIT_EVERY_MS;
    caller.after(waitMs, then);
  }

  @Override
  public void send(TurnRef ref, int part, String text, Consumer<Result> then) {
    call(
        "send",
        ref,
        turn -> {
          Chat.Message message = turn.chat.send(ref, part, text);
          if (part > 0) {
            world.count("rolled over");
          }
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
          Optional<Chat.Message> message = turn.chat.find(messageId);
          message.ifPresent(m -> m.text = text);
          world.log(
              () -> ref + " edit " + messageId + (message.isEmpty() ? " (gone)" : ": " + text));
          return message.isPresent() ? new Result.Ok(messageId) : new Result.Gone();
        },
        then);
  }

  @Override
  public void delete(TurnRef ref, String messageId, Consumer<Result> then) {
    call(
        "delete",
        ref,
        turn -> {
          turn.chat.delete(messageId);
          world.log(() -> ref + " delete " + messageId);
          return new Result.Ok(messageId);
        },
        then);
  }

  @Override
  public OptionalLong previewMs() {
    return !findable && world.hasPreviews() ? OptionalLong.of(PREVIEW_MS) : OptionalLong.empty();
  }

  @Override
  public void preview(TurnRef ref, String page, Consumer<Result> then) {
    call(
        "preview",
        ref,
        turn -> {
          world.count("previewed");
          return new Result.Ok("");
        },
        then);
  }

  @Override
  public void find(TurnRef ref, int part, Consumer<Result> then) {
    call(
        "find",
        ref,
        turn ->
            turn.chat
                .find(ref, part)
                .<Result>map(message -> new Result.Ok(message.id))
                .orElseGet(Result.Absent::new),
        then);
  }

  private void call(String what, TurnRef ref, Call call, Consumer<Result> then) {
    if (world.strikes(Fault.PLATFORM_GONE)) {
      world.turn(ref).chat.gone = true;
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
