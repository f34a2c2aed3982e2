package dev.parley.gateway.turn;

import dev.parley.gateway.conversation.PastExchange;
import dev.parley.gateway.conversation.PromptBuilder;
import dev.parley.gateway.reply.ReplyParts;
import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.turn.TurnState;
import dev.parley.shared.turn.TurnView;
import dev.parley.shared.wire.ChatMessage;
import dev.parley.shared.wire.Delta;
import dev.parley.shared.wire.EndReason;
import dev.parley.shared.wire.TokenLogprob;
import dev.parley.shared.wire.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What the owner knows of a turn: the second copy of its record, put back when Redis loses the
/// first. Not thread-safe.
final class TurnMemory {

  final TurnRef ref;
  final String request;
  final String gateway;
  final long admittedMs;
  final long deadlineMs;
  final long deliverByMs;
  int adoptions;
  TurnState state = TurnState.WAITING;
  String attempt = "";
  String worker = "";
  long restarts;
  String fingerprint = "";
  int starts;
  int yields;
  boolean orphan;
  final ReplyParts parts;
  String text = "";
  Optional<EndReason> end = Optional.empty();
  Usage usage = Usage.NONE;
  boolean got;
  private final List<Delta> deltas = new ArrayList<>();
  private final StringBuilder shown = new StringBuilder();

  /// The same as a string, made when it is asked for.
  private @Nullable String shownText;

  /// Whether any delta has logprobs.
  private boolean scored;

  TurnMemory(
      TurnRef ref,
      String request,
      String gateway,
      long admittedMs,
      long deadlineMs,
      long deliverByMs,
      ReplyParts parts) {
    this.ref = ref;
    this.request = request;
    this.gateway = gateway;
    this.admittedMs = admittedMs;
    this.deadlineMs = deadlineMs;
    this.deliverByMs = deliverByMs;
    this.parts = parts;
  }

  /// Everything as the store has it, owned by `gateway`.
  static TurnMemory adopted(TurnView view, String gateway) {
    TurnMemory memory =
        new TurnMemory(
            view.ref(),
            view.request(),
            gateway,
            view.admittedMs(),
            view.deadlineMs(),
            view.deliverByMs(),
            new ReplyParts(view.parts(), view.placing()));
    memory.learn(view);
    memory.restarts = view.restarts();
    view.deltas().forEach(memory::add);
    return memory;
  }

  /// Takes over what only the store knows; text, deltas and parts are merged by the caller.
  void learn(TurnView view) {
    state = view.state();
    adoptions = view.adoptions();
    attempt = view.attempt();
    worker = view.worker();
    fingerprint = view.fingerprint();
    starts = view.starts();
    yields = view.yields();
    orphan = view.orphan();
    got |= view.got();
    if (view.state().ended()) {
      text = view.text();
      end = view.end();
      usage = view.usage();
    }
  }

  /// Deltas came from this attempt. Which start it is, only the record says; it is not before the first,
  /// and a record that is put back without one would not count its crash.
  void hear(String attempt, String worker) {
    state = TurnState.RUNNING;
    this.attempt = attempt;
    this.worker = worker;
    starts = Math.max(starts, 1);
  }

  long lastDelta() {
    return deltas.isEmpty() ? 0 : deltas.getLast().n();
  }

  /// The next delta in order.
  void add(Delta delta) {
    if (delta.n() != lastDelta() + 1) {
      throw new IllegalStateException(ref + ": delta " + delta.n() + " after " + lastDelta());
    }
    deltas.add(delta);
    scored |= !delta.logprobs().isEmpty();
    shown.append(delta.text());
    shownText = null;
  }

  /// Whether a delta that is known already reads the same.
  boolean agrees(Delta delta) {
    return deltas.get((int) delta.n() - 1).readsAs(delta);
  }

  void restart(long restarts) {
    this.restarts = restarts;
    deltas.clear();
    shown.setLength(0);
    shownText = null;
  }

  /// Text of all deltas so far.
  String shownText() {
    String text = shownText;
    if (text == null) {
      text = shown.toString();
      shownText = text;
    }
    return text;
  }

  int shownLength() {
    return shown.length();
  }

  /// Of all tokens so far, if the request wants them, else none.
  List<TokenLogprob> logprobs() {
    return scored ? deltas.stream().flatMap(d -> d.logprobs().stream()).toList() : List.of();
  }

  /// Whether the deltas are all of the final text.
  boolean whole() {
    return shownText().equals(text);
  }

  /// What the conversation remembers of the ended turn: the tokens too, unless they are not those of its text.
  PastExchange exchange(List<ChatMessage> question) {
    int tokens = PromptBuilder.estimateTokens(question) + usage.completionTokens();
    boolean whole = whole();
    return new PastExchange(
        ref.turnId(),
        question,
        text,
        whole ? tokenIds() : List.of(),
        whole ? fingerprint : "",
        tokens,
        end.orElseThrow());
  }

  private List<Integer> tokenIds() {
    return deltas.stream().flatMap(d -> d.ids().stream()).toList();
  }

  /// Ends it here, before or without the store.
  void endLocally(TurnState state, EndReason reason) {
    this.state = state;
    end = Optional.of(reason);
    text = shownText();
  }

  /// Closes it without an end that anybody sees.
  void closeSilently() {
    if (!state.ended()) {
      endLocally(TurnState.DELIVERED, EndReason.CANCELLED);
    }
    state = TurnState.DELIVERED;
  }

  TurnView view() {
    return view(deltas);
  }

  /// All but what may be many times as large as the rest.
  TurnView viewWithoutLogprobs() {
    return scored ? view(deltas.stream().map(Delta::withoutLogprobs).toList()) : view();
  }

  private TurnView view(List<Delta> told) {
    return new TurnView(
        ref,
        state,
        request,
        gateway,
        adoptions,
        admittedMs,
        deadlineMs,
        deliverByMs,
        attempt,
        worker,
        restarts,
        fingerprint,
        starts,
        yields,
        orphan,
        parts.ids(),
        parts.placing(),
        text,
        end,
        usage,
        got,
        told);
  }
}
