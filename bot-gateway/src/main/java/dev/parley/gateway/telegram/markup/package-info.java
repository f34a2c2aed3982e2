/// A model's Markdown as Telegram shows it: plain text, message entities over it, and messages of
/// at most so many UTF-16 units. Nothing that the model wrote becomes a link or a mention. Pure: it
/// knows neither Telegram's SDK nor any other package of the gateway.
@NullMarked
package dev.parley.gateway.telegram.markup;

import org.jspecify.annotations.NullMarked;
