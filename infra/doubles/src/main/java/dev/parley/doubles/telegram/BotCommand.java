package dev.parley.doubles.telegram;

/// A command that clients offer.
///
/// @param name without the `/`
public record BotCommand(String name, String description) {}
