/// Chat in a terminal: a client of the gateway's HTTP API, in a process of its own.
///
/// Knows `shared.openai` (the framing of events) and the HTTP addresses that `gateway.web` serves, but
/// none of the gateway's other packages.
@NullMarked
package dev.parley.gateway.terminal;

import org.jspecify.annotations.NullMarked;
