package dev.parley.gateway.terminal;

/// How an answer ended.
///
/// @param answered whether it is whole
/// @param sentence what to tell the user if it is not
record Ending(boolean answered, String sentence) {}
