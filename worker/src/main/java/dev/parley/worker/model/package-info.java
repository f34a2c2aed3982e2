/// What lies between text and tokens: prompts into ids, ids into text, logits into the next id.
///
/// [TokenModel] is the port that the engine's loop drives; [LlamaTokenModel] is the real one behind it.
/// It knows `worker.llama`, `worker.template`, `shared.grammar` and `shared.wire`; not the scheduler, not the engine.
@NullMarked
package dev.parley.worker.model;

import org.jspecify.annotations.NullMarked;
