package dev.parley.shared.turn;

/// What a liveness refresh found.
///
/// @param epochMs creation time of the epoch, 0 when there is none (Redis was emptied)
/// @param previous the counter that the caller's last refresh left, -1 when its key was gone; any
///     other value than the one written then says that Redis lost writes
/// @param nowMs the store's clock
public record Beat(long epochMs, long previous, long nowMs) {}
