package dev.parley.shared.turn;

/// A turn as it is offered to [TurnStore#admit].
///
/// @param request JSON of a [dev.parley.shared.wire.TurnRequest]
/// @param gateway the caller
/// @param maxQueue most turns of the conversation, this one included
/// @param storeRefusal whether FULL is recorded as FAILED(REFUSED), so that a platform's retry is
///     not refused a second time in the chat
public record Admission(
    TurnRef ref,
    String request,
    String gateway,
    long deadlineMs,
    long deliverByMs,
    int maxQueue,
    boolean storeRefusal) {}
