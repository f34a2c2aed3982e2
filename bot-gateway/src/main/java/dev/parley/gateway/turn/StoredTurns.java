package dev.parley.gateway.turn;

import dev.parley.gateway.chat.AnswerView;
import dev.parley.gateway.chat.Exchange;
import dev.parley.gateway.chat.TurnEvent;
import dev.parley.gateway.chat.Turns;
import dev.parley.gateway.conversation.PastExchange;
import dev.parley.gateway.reply.ReplyParts;
import dev.parley.shared.turn.StoreUnavailable;
import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.turn.TurnState;
import dev.parley.shared.turn.TurnStore;
import dev.parley.shared.turn.TurnView;
import dev.parley.shared.turn.ViewReply;
import dev.parley.shared.wire.ChatMessage;
import dev.parley.shared.wire.EndReason;
import dev.parley.shared.wire.Wire;
import dev.parley.shared.wire.WorkerLoad;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Turns and conversations as their users see them, read from the store. Blocks; thread-safe as the
/// store is.
final class StoredTurns {

  private static final String NOT_KEPT =
      "This message was answered before, and its answer is not kept.";

  private final TurnStore store;

  StoredTurns(TurnStore store) {
    this.store = store;
  }

  /// A turn of any gateway; empty when there is none.
  ///
  /// @throws StoreUnavailable also while an emptied Redis has not been set up again
  Optional<AnswerView> view(TurnRef ref) {
    return switch (store.view(ref, 0)) {
      case ViewReply.Missing missing -> Optional.empty();
      case ViewReply.Cold cold -> throw cold();
      case ViewReply.Found found -> Optional.of(view(found.turn()));
    };
  }

  /// The newest turn of a conversation.
  ///
  /// @throws StoreUnavailable as [#view]
  Optional<Turns.Newest> newest(String conversation) {
    return store
        .newest(conversation)
        .flatMap(ref ->
            switch (store.view(ref, 0)) {
              case ViewReply.Missing missing -> Optional.empty();
              case ViewReply.Cold cold -> throw cold();
              case ViewReply.Found found ->
                  Optional.of(
                      new Turns.Newest(
                          view(found.turn()), Wire.decodeRequest(found.turn().request())));
            });
  }

  /// Turns of a conversation that are not closed.
  List<TurnRef> open(String conversation) {
    return store.queue(conversation);
  }

  /// The platform's ids of the messages of a turn's reply.
  List<String> messages(TurnRef ref) {
    return store.view(ref, Long.MAX_VALUE) instanceof ViewReply.Found found
        ? messages(found.turn())
        : List.of();
  }

  /// The same of a turn that is known.
  static List<String> messages(TurnView turn) {
    return new ReplyParts(turn.parts(), turn.placing()).shown();
  }

  /// What the workers say of themselves.
  List<WorkerLoad> workers() {
    return store.workers().values().stream()
        .map(json -> Wire.decode(json, WorkerLoad.class))
        .toList();
  }

  void forget(String conversation) {
    store.forget(conversation);
  }

  private static StoreUnavailable cold() {
    return new StoreUnavailable(
        "Redis was emptied and is being set up again", new IllegalStateException("cold"));
  }

  private AnswerView view(TurnView turn) {
    if (!turn.state().closed()) {
      return answer(turn, turn.state() == TurnState.WAITING ? 1 : 0);
    }
    TurnEvent.Ended end = closed(turn);
    return new AnswerView(
        turn.ref(),
        turn.state(),
        0,
        end.wholeText(),
        Optional.of(end.end()),
        end.usage(),
        end.sentence());
  }

  /// A turn that is still remembered whole.
  static AnswerView answer(TurnView turn, int before) {
    return new AnswerView(
        turn.ref(),
        turn.state(),
        before,
        turn.state().ended() ? turn.text() : turn.shownText(),
        turn.end(),
        turn.usage(),
        turn.end().map(EndReason::sentence).orElse(""));
  }

  /// The end of a turn of which the store keeps only that it was: the text is in the history, if
  /// anywhere.
  TurnEvent.Ended closed(TurnView turn) {
    EndReason end = turn.end().orElse(EndReason.CANCELLED);
    Optional<PastExchange> past =
        exchanges(turn.ref().conversation()).stream()
            .filter(exchange -> exchange.turnId().equals(turn.ref().turnId()))
            .findFirst();
    if (past.isPresent()) {
      return new TurnEvent.Ended(end, past.get().answer(), turn.usage(), end.sentence());
    }
    return end.answered()
        ? new TurnEvent.Ended(EndReason.UNREADABLE, "", turn.usage(), NOT_KEPT)
        : new TurnEvent.Ended(end, "", turn.usage(), end.sentence());
  }

  /// A conversation's finished exchanges, oldest first.
  List<Exchange> history(String conversation) {
    return exchanges(conversation).stream().map(StoredTurns::exchange).toList();
  }

  private List<PastExchange> exchanges(String conversation) {
    return store.history(conversation).stream()
        .map(json -> Wire.decode(json, PastExchange.class))
        .toList();
  }

  private static Exchange exchange(PastExchange past) {
    return new Exchange(
        past.turnId(),
        past.asked().stream()
            .filter(message -> message.role().equals("user"))
            .map(ChatMessage::content)
            .collect(Collectors.joining("\n\n")),
        past.answer(),
        past.end(),
        past.end().sentence());
  }
}
