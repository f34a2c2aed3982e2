package dev.parley.doubles.telegram;

import java.util.OptionalInt;

/// The bot showed that it does something: `typing`; clients show it for five seconds.
public record ChatAction(long atMs, String action, OptionalInt topic) {}
