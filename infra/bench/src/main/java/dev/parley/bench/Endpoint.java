package dev.parley.bench;

/// Where a scenario sends its load.
///
/// @param pid of the process that answers
record Endpoint(Peer peer, CompletionClient client, long pid) {}
