/// Decides which sequences get how many tokens of the next step, and where their caches are.
///
/// Pure: no thread, clock, I/O or logger, and no model: a sequence is an id with a number of prompt
/// tokens. The engine asks for a [StepPlan], carries it out and reports back. It knows no other package.
///
/// - [Scheduler] puts a plan together; [Precedence] says who comes first and who makes way;
///   [FairShare] counts what each user was served; [PrefillPace] how much of a step is for prompts;
///   [SlotLayout] keeps the rows of the decode call dense.
///
/// Left out:
///
/// - **Several prompts in one prefill call** gain a quarter on eight prompts of 39 tokens (340 instead of
///   440 ms) and a tenth on 64 tokens, but all eight then end at 340 ms; one after the other they end at
///   250 ms in the mean.
/// - **Several contexts of different lengths**: every slot holds `PARLEY_CONTEXT` tokens, so an admitted
///   answer always has room to its end, and nothing is ever cut or failed for want of cache.
@NullMarked
package dev.parley.worker.schedule;

import org.jspecify.annotations.NullMarked;
