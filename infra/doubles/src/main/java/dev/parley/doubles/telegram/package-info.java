/// A double of Telegram's Bot API: what a bot meets when it calls the real one, in this process.
///
/// It is stricter than the real one where that finds mistakes: flood limits are exact and every violation is
/// recorded, entities that Telegram's server would silently mend are refused. And it breaks on demand: lost and late
/// answers, cut connections, repeated updates ({@link dev.parley.doubles.telegram.Faults}).
///
/// {@link dev.parley.doubles.telegram.TelegramServer} is the whole platform as a plain state machine that is told the
/// time; {@link dev.parley.doubles.telegram.TelegramDouble} puts a clock, a lock and HTTP around it. Tests act for the
/// people through {@link dev.parley.doubles.telegram.TelegramUsers} and look at what these people see
/// ({@link dev.parley.doubles.telegram.Transcript}). Texts of errors are those of Telegram's server, version 10.0.
///
/// It knows nothing of Parley, and no code that runs in production may know it.
@NullMarked
package dev.parley.doubles.telegram;

import org.jspecify.annotations.NullMarked;
