package dev.parley.gateway.reply;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.gateway.reply.ReplyPlatform.Result;
import dev.parley.shared.turn.Outcome;
import dev.parley.shared.turn.StoreCaller;
import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.turn.TurnState;
import dev.parley.shared.turn.TurnStore;
import dev.parley.shared.wire.EndReason;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A turn, a platform and a store around one [VisibleReply]; whatever it calls waits here until the test answers.
///
/// Its platform's messages hold [#PAGE_CHARS] characters. Those whose ids begin with `d` are documents, and so are pages
/// that begin with `file`.
final class TestReply implements VisibleReply.Turn, ReplyPlatform<String>, StoreCaller {
  static final ReplyLimits LIMITS = new ReplyLimits(300, 10_000, 500);
  static final int PAGE_CHARS = 20;
  static final long DELIVER_BY_MS = 100_000;
  static final long PREVIEW_MS = 5_000;

  private static final TurnRef REF = new TurnRef("c", "t");

  private record PlatformCall(String what, Consumer<Result> then) {}

  private record ScriptCall(String what, Consumer<Outcome> reply, Runnable unknown) {}

  private final Deque<PlatformCall> platformCalls = new ArrayDeque<>();
  private final Deque<ScriptCall> scriptCalls = new ArrayDeque<>();
  private final List<Urgency> leaves = new ArrayList<>();
  private final ReplyParts parts;
  private final boolean canFind;
  private final VisibleReply<String> reply;
  private String text = "";
  private boolean ended;
  private boolean live = true;
  private boolean lost;
  private boolean replaced;
  private int ambiguous;
  private boolean unreachable;
  private @Nullable Runnable waiting;
  private boolean crowded;
  private boolean previews;
  private boolean documents;
  private TurnState state = TurnState.RUNNING;
  private long now;

  private TestReply(boolean canFind, boolean adopted, int placing, List<String> parts) {
    this.canFind = canFind;
    this.parts = new ReplyParts(parts, placing);
    this.reply =
        adopted
            ? VisibleReply.adopted(this, this, this, LIMITS, 0)
            : new VisibleReply<>(this, this, this, LIMITS, 0);
  }

  /// A turn admitted now, on a platform whose messages can be looked up.
  static TestReply admitted() {
    return new TestReply(true, false, 0, List.of());
  }

  /// The same on a platform that cannot say what became of a send.
  static TestReply admittedWhereNothingCanBeFound() {
    return new TestReply(false, false, 0, List.of());
  }

  static TestReply adoptedInTheMiddleOfASend(boolean canFind) {
    return new TestReply(canFind, true, 1, List.of());
  }

  static TestReply adoptedWithMessages(String... messageIds) {
    return new TestReply(true, true, 0, List.of(messageIds));
  }

  /// An answer that takes the place of an earlier one.
  static TestReply inPlaceOf(String... messageIds) {
    return new TestReply(true, false, 0, List.of(messageIds));
  }

  /// The same, and a call for the earlier one may still be under way.
  TestReply whichMayStillBeEdited() {
    reply.repeatEnd();
    return this;
  }

  // ---- what the test does

  /// The platform can show a page in passing.
  TestReply whereThereArePreviews() {
    previews = true;
    return this;
  }

  /// Another gateway, or another reply, found that there are none.
  TestReply whereThereAreNoPreviews() {
    previews = false;
    return this;
  }

  /// The end comes as a document too.
  TestReply whereThereAreDocuments() {
    documents = true;
    return this;
  }

  /// The conversation's earlier answer goes on.
  TestReply isBehindAnother(boolean behind) {
    state = behind ? TurnState.WAITING : TurnState.RUNNING;
    return this;
  }

  TestReply says(String answer) {
    text = answer;
    return this;
  }

  TestReply ends(String answer) {
    ended = true;
    return says(answer);
  }

  /// From now on a call has to wait until it is [#let].
  TestReply crowded() {
    crowded = true;
    return this;
  }

  TestReply let() {
    requireNonNull(waiting).run();
    return this;
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
        .answered("send " + content().plain(), new Result.Ok(messageId))
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

  boolean wasReplaced() {
    return replaced;
  }

  boolean underWay() {
    return reply.underWay();
  }

  int ambiguousSends() {
    return ambiguous;
  }

  boolean wasUnreachable() {
    return unreachable;
  }

  List<String> messageIds() {
    return parts.ids();
  }

  int placing() {
    return parts.placing();
  }

  /// How urgent the last call was said to be.
  Urgency urgency() {
    return leaves.getLast();
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
  public ReplyContent content() {
    return ended
        ? new ReplyContent(TurnState.DONE, 0, 0, text, Optional.of(EndReason.STOP))
        : new ReplyContent(state, 0, 0, text, Optional.empty());
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
  public ReplyParts parts() {
    return parts;
  }

  @Override
  public void lost() {
    lost = true;
  }

  @Override
  public void replaced() {
    replaced = true;
  }

  @Override
  public void ambiguous() {
    ambiguous++;
  }

  @Override
  public void unreachable() {
    unreachable = true;
  }

  @Override
  public List<String> pages(ReplyContent content) {
    List<String> pages =
        new ArrayList<>(List.of(content.plain().split("(?<=\\G.{" + PAGE_CHARS + "})", -1)));
    if (documents && content.ended()) {
      pages.add("file " + content.text());
    }
    return pages;
  }

  @Override
  public void whenFree(Supplier<Urgency> urgency, Runnable then) {
    if (crowded) {
      waiting = then;
    } else {
      leaves.add(urgency.get());
      then.run();
    }
  }

  @Override
  public boolean canFind() {
    return canFind;
  }

  @Override
  public void send(TurnRef ref, int part, String message, Consumer<Result> then) {
    platformCalls.add(new PlatformCall("send " + message, then));
  }

  @Override
  public boolean canBecome(String messageId, String message) {
    return messageId.startsWith("d") == message.startsWith("file");
  }

  @Override
  public void edit(TurnRef ref, String messageId, String message, Consumer<Result> then) {
    platformCalls.add(new PlatformCall("edit " + messageId + " " + message, then));
  }

  @Override
  public void delete(TurnRef ref, String messageId, Consumer<Result> then) {
    platformCalls.add(new PlatformCall("delete " + messageId, then));
  }

  @Override
  public OptionalLong previewMs() {
    return previews ? OptionalLong.of(PREVIEW_MS) : OptionalLong.empty();
  }

  @Override
  public void preview(TurnRef ref, String message, Consumer<Result> then) {
    platformCalls.add(new PlatformCall("preview " + message, then));
  }

  @Override
  public void find(TurnRef ref, int part, Consumer<Result> then) {
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
