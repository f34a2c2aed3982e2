/// The engine alone behind the OpenAI-compatible API, without Kafka and Redis: what benches compare the whole
/// path with, and a door for trying a model out.
///
/// It knows `worker.engine`, `shared.openai`, `shared.runtime` and Helidon. Nothing of the promise holds here:
/// a request lives as long as its connection.
@NullMarked
package dev.parley.worker.serve;

import org.jspecify.annotations.NullMarked;
