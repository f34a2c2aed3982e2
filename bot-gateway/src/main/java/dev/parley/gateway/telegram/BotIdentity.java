package dev.parley.gateway.telegram;

/// Who the bot is, as Telegram says.
///
/// @param name without the @
record BotIdentity(long id, String name) {}
