package dev.parley.doubles.telegram;

import java.util.Optional;

/// A button under a message: it has data that comes back to the bot, or a URL.
public record Button(String text, Optional<String> data, Optional<String> url) {}
