/// The engine: one thread that owns a model, batches every held request into steps and streams tokens out.
///
/// [Engine] is the port that the rest of the worker talks to. [BatchingEngine] is the loop behind it,
/// over any [dev.parley.worker.model.TokenModel]: the real one, or [FakeModel] for tests. `worker.openai` has
/// another engine, on a server. This package knows `worker.model`, `worker.schedule`, `worker.prefix`, `worker.llama`
/// (batches and results only), `shared.grammar` and `shared.wire`; no queue, no store.
///
/// # A step
///
/// Three answers decode in slots 0, 1, 2, a long prompt is on its way in slot 3, and a short question
/// arrives while all four slots are taken:
///
/// ```
/// step n                                            step n+1
/// ├ mailbox   question submitted                    ├ mailbox
/// ├ plan      b has said most: it makes way         ├ plan      question decodes from now on
/// ├ caches    b: slot 1 -> host; c: 2 -> 1          ├ caches
/// ├ decode    rows a0 c1                            ├ decode    rows a0 c1 question2
/// ├ sample    a, c                                  ├ sample    a, c, question
/// ├ prefill   question: its whole prompt, slot 2    ├ prefill   long prompt: as many chunks of 64
/// ├ sample    question's first token                │           as PARLEY_ITL_TARGET_MS leaves
/// └ emit      a, c, question                        └ emit      a, c, question
///
///  time ──────────────────────────────────────────────────────────────────────────────────────>
///  |caches|  decode call  | sample |        prefill call(s)         | emit |caches| decode ...
///         '----------- what an answer waits between two of its tokens ------------'
/// ```
///
/// - **Decode first**: all running answers are rows of one call, in slots 0 to d-1 without a hole.
/// - **Then prompts**, in calls of their own: first what fills no chunk, then whole chunks of 64 rows. The next
///   call overwrites the logits of the last, so rows are sampled in between.
/// - **Caches move** before both: a hole is filled, an answer makes way or comes back, a beginning that was
///   computed before is put into a slot ([PrefixSharing]).
/// - **A failed call** costs the request whose row is at fault ([StepRun]); a cancelled one leaves at the
///   next mailbox, a prompt's chunk is interrupted.
///
/// # The knobs
///
/// | setting | more of it |
/// |---|---|
/// | `PARLEY_SLOTS` | more answers at once, each slower; memory for `PARLEY_CONTEXT` tokens each |
/// | `PARLEY_CONTEXT` | longer conversations, more memory a slot |
/// | `PARLEY_ITL_TARGET_MS` | prompts are done sooner, running answers stutter more while they are |
/// | `PARLEY_SWAP_MIB` | more answers can make way for new ones; 0: first come, first served |
/// | `PARLEY_PREFIX_CACHE_MIB` | more conversations whose next turn starts at once |
/// | `PARLEY_PREFIX_FILES_MIB` | more of them whose next turn may come to another worker of the host, or after a restart; each answer writes its cache to disk |
/// | `PARLEY_KV_TYPE` | `q8_0` halves the cache's memory; on a CPU it costs time |
/// | `PARLEY_THREADS` | as many as there are free cores: a thread too many slows every step |
///
/// What was left out of the engine, and why, is in [dev.parley.worker.schedule].
@NullMarked
package dev.parley.worker.engine;

import org.jspecify.annotations.NullMarked;
