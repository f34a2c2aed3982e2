/// The Telegram adapter: receives a bot's updates, by long polling or by webhook, turns messages into turns and
/// shows their answers as replies that are edited while they grow.
///
/// An update is confirmed only after its message was admitted (or answered at once), so a restart at any point
/// loses none; a turn's id comes from the message's own, so it answers none twice. Knows the port
/// {@link dev.parley.gateway.chat.Turns}, implements {@link dev.parley.gateway.reply.ReplyPlatform}; the SDK's
/// types do not leave this package.
@NullMarked
package dev.parley.gateway.telegram;

import org.jspecify.annotations.NullMarked;
