/// The engine: one thread that owns a model, batches every held request into steps and streams tokens out.
///
/// [Engine] is the port that the rest of the worker talks to. [BatchingEngine] is the loop behind it,
/// over any [dev.parley.worker.model.TokenModel]: the real one, or [FakeModel] for tests. It knows
/// `worker.model`, `worker.schedule`, `worker.llama` (batches and results only) and `shared.wire`; no
/// queue, no store.
@NullMarked
package dev.parley.worker.engine;

import org.jspecify.annotations.NullMarked;
