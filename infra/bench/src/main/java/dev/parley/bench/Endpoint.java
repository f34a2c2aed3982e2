package dev.parley.bench;

import java.util.List;

/// Where a scenario sends its load.
///
/// @param clients of all servers that answer
/// @param pid of a process that answers
record Endpoint(Peer peer, List<CompletionClient> clients, long pid) {
  Endpoint {
    clients = List.copyOf(clients);
  }

  /// Of the only server, or the first.
  CompletionClient client() {
    return clients.getFirst();
  }
}
