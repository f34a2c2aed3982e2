package dev.parley.shared.turn;

/// A turn whose next check has come and whose owner is dead.
public record DueTurn(TurnRef ref, String gateway) {}
