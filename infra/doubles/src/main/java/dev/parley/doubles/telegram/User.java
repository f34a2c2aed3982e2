package dev.parley.doubles.telegram;

import java.util.Optional;

/// A person or a bot.
///
/// @param username without the `@`
/// @param language an IETF tag such as `de`
public record User(
    long id, boolean bot, String firstName, Optional<String> username, Optional<String> language) {}
