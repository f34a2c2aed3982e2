package dev.parley.shared.turn;

/// A turn as it is offered to [TurnStore#admit].
///
/// @param request JSON of a [dev.parley.shared.wire.TurnRequest]
/// @param gateway the caller
/// @param answerMs from now to the latest end; the store's clock decides, gateways' clocks differ
/// @param deliverMs from the latest end to the latest moment it is shown
/// @param maxQueue most turns of the conversation, this one included
/// @param storeRefusal whether FULL is recorded as FAILED(REFUSED), so that a platform's retry is
///     not refused a second time in the chat
/// @param validUntilMs in the store's time: from then on nothing is admitted, because whoever asked
///     has given up and would not know of the turn
public record Admission(
    TurnRef ref,
    String request,
    String gateway,
    long answerMs,
    long deliverMs,
    int maxQueue,
    boolean storeRefusal,
    long validUntilMs) {}
