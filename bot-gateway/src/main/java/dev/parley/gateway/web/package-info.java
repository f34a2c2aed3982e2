/// The gateway's HTTP side: the chat page with its API, and the OpenAI-compatible API, on one server.
///
/// Knows `gateway.chat` (the port to the turn machinery) and `shared`; nothing else of the gateway.
/// Helidon's types do not leave it, except in [dev.parley.gateway.web.WebServerModule]'s hook for
/// more routes. Each connection has its own virtual thread, which alone writes to it; turn events
/// reach it through [PendingEvents].
@NullMarked
package dev.parley.gateway.web;

import org.jspecify.annotations.NullMarked;
