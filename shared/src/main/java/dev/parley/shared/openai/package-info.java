/// The OpenAI-compatible chat API as data: reading and judging requests, writing answers and errors,
/// and the framing of server-sent events. Pure: bytes in, values out; no server, thread or clock.
///
/// Knows `dev.parley.shared.wire`, `dev.parley.shared.grammar` (whether one can be used) and Jackson.
/// Used by whoever serves the API: the gateway, and a worker that serves its engine alone.
@NullMarked
package dev.parley.shared.openai;

import org.jspecify.annotations.NullMarked;
