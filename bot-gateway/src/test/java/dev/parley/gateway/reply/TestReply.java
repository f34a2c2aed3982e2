package dev.parley.gateway.reply;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.gateway.reply.ReplyPlatform.Result;
import dev.parley.shared.turn.Outcome;
import dev.parley.shared.turn.StoreCaller;
import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.turn.TurnStore;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/// A turn, a platform and a store around one [VisibleReply]; whatever it calls waits here until the test answers.
final class TestReply implements VisibleReply.Turn, ReplyPlatform, StoreCaller {
  static final ReplyLimits LIMITS = new ReplyLimits(300, 1_000, 10_000, 500);
  static final long DELIVER_BY_MS = 100_000;

  private static final TurnRef REF = new TurnRef("c", "t");

  private record PlatformCall(String what, Consumer<Result> then) {}

  private record ScriptCall(String what, Consumer<Outcome> reply, Runnable unknown) {}

  private final Deque<PlatformCall> platformCalls = new ArrayDeque<>();
  private final Deque<ScriptCall> scriptCalls = new ArrayDeque<>();
  private final List<String> parts = new ArrayList<>();
  private final boolean canFind;
  private final VisibleReply reply;
  private String text = "";
  private boolean ended;
  private boolean live = true;
  private boolean lost;
  private int ambiguous;
  private int placing;
  private long now;

  private TestReply(boolean canFind, boolean adopted, boolean wasPlacing, List<String> parts) {
    this.canFind = canFind;
    this.parts.addAll(parts);
    this.reply =
        adopted
            ? VisibleReply.adopted(this, this, this, LIMITS, wasPlacing, 0)
            : new VisibleReply(this, this, this, LIMITS, 0);
  }

  /// A turn admitted now, on a platform whose messages can be looked up.
  static TestReply admitted() {
    return new TestReply(true, false, false, List.of());
  }

  /// The same on a platform that cannot say what became of a send.
  static TestReply admittedWhereNothingCanBeFound() {
    return new TestReply(false, false, false, List.of());
  }

  static TestReply adoptedInTheMiddleOfASend(boolean canFind) {
    return new TestReply(canFind, true, true, List.of());
  }

  static TestReply adoptedWithMessage(String messageId) {
    return new TestReply(true, true, false, List.of(messageId));
  }

  // ---- what the test does

  TestReply says(String visible) {
    text = visible;
    return this;
  }

  TestReply ends(String visible) {
    ended = true;
    return says(visible);
  }

  TestReply isLive(boolean isLive) {
    live = isLive;
    return this;
  }

  /// Lets time pass and the reply do what is due.
  TestReply after(long ms) {
    now += ms;
    reply.step(now);
    return this;
  }

  /// Answers the script under way, which must be this one.
  TestReply stored(String what, Outcome outcome) {
    ScriptCall call = scriptCalls.remove();
    assertThat(call.what()).isEqualTo(what);
    call.reply().accept(outcome);
    return this;
  }

  TestReply storeSilent(String what) {
    ScriptCall call = scriptCalls.remove();
    assertThat(call.what()).isEqualTo(what);
    call.unknown().run();
    return this;
  }

  /// Answers the platform call under way, which must be this one.
  TestReply answered(String what, Result result) {
    PlatformCall call = platformCalls.remove();
    assertThat(call.what()).isEqualTo(what);
    call.then().accept(result);
    return this;
  }

  /// Sends and stores the first message.
  TestReply placed(String messageId) {
    return after(LIMITS.placeholderAfterMs())
        .stored("placing", Outcome.OK)
        .answered("send " + text, new Result.Ok(messageId))
        .stored("placed", Outcome.OK);
  }

  // ---- what it sees

  /// Nothing is under way.
  TestReply isQuiet() {
    assertThat(platformCalls).isEmpty();
    assertThat(scriptCalls).isEmpty();
    return this;
  }

  boolean done() {
    return reply.done();
  }

  boolean visible() {
    return reply.visible();
  }

  boolean wasLost() {
    return lost;
  }

  int ambiguousSends() {
    return ambiguous;
  }

  int placing() {
    return placing;
  }

  // ---- what the reply is given

  @Override
  public TurnRef ref() {
    return REF;
  }

  @Override
  public String gateway() {
    return "g";
  }

  @Override
  public String visibleText() {
    return text;
  }

  @Override
  public boolean ended() {
    return ended;
  }

  @Override
  public boolean mayEdit() {
    return live;
  }

  @Override
  public long deliverByMs() {
    return DELIVER_BY_MS;
  }

  @Override
  public long nowMs() {
    return now;
  }

  @Override
  public List<String> parts() {
    return parts;
  }

  @Override
  public void placing(int part) {
    placing = part;
  }

  @Override
  public void lost() {
    lost = true;
  }

  @Override
  public void ambiguous() {
    ambiguous++;
  }

  @Override
  public boolean canFind() {
    return canFind;
  }

  @Override
  public void send(TurnRef ref, String message, Consumer<Result> then) {
    platformCalls.add(new PlatformCall("send " + message, then));
  }

  @Override
  public void edit(TurnRef ref, String messageId, String message, Consumer<Result> then) {
    platformCalls.add(new PlatformCall("edit " + messageId + " " + message, then));
  }

  @Override
  public void find(TurnRef ref, Consumer<Result> then) {
    platformCalls.add(new PlatformCall("find", then));
  }

  // Both scripts of a reply answer with an Outcome.
  @SuppressWarnings("unchecked")
  @Override
  public <R> void call(
      String what,
      TurnRef ref,
      Function<TurnStore, R> script,
      Consumer<R> reply,
      Runnable unknown) {
    scriptCalls.add(new ScriptCall(what, o -> reply.accept((R) o), unknown));
  }
}
