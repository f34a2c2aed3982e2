package dev.parley.gateway.telegram;

import dev.parley.gateway.admission.MessageRates;

/// How much people may ask.
///
/// @param messageChars the longest message that is taken, in UTF-16 units
/// @param inFlight answers that one person may have in progress
/// @param hourly messages an hour
public record AskLimits(int messageChars, int inFlight, MessageRates.Hourly hourly) {}
