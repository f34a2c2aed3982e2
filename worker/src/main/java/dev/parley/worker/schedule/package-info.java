/// Decides which sequences get how many tokens of the next step, and where their caches are.
///
/// Pure: no thread, clock, I/O or logger, and no model: a sequence is an id with a number of prompt
/// tokens. The engine asks for a [StepPlan], carries it out and reports back. It knows no other package.
///
/// - [Scheduler] puts a plan together; [Precedence] says who comes first and who makes way;
///   [FairShare] counts what each user was served; [PrefillPace] how much of a step is for prompts, by
///   [ChunkCost]; [SlotLayout] keeps the rows of the decode call dense.
///
/// Left out:
///
/// - **Several prompts in one prefill call** gain a quarter on eight prompts of 39 tokens (340 instead of
///   440 ms) and a tenth on 64 tokens, but all eight then end at 340 ms; one after the other they end at
///   250 ms in the mean.
/// - **Several contexts of different lengths**: every slot holds `PARLEY_CONTEXT` tokens, so an admitted
///   answer always has room to its end, and nothing is ever cut or failed for want of cache.
/// - **Guessing tokens ahead by n-grams** and checking them in one call: on the CPU that was measured the call for
///   one row takes 4 ms, for two 10, for four 15, for eight 21 (its matrix units like many rows, or one): a guess
///   of three would have to be right nearly every time to gain anything. On a GPU, where rows are nearly free, it
///   is worth another look.
/// - **Sampling on other threads**: choosing eight tokens of a vocabulary of 49,000 is 3 % of a step's time
///   (`perf`, greedy), and the second core is not free for it. With 32 slots and 150,000 tokens on a GPU it may be.
/// - **Two contexts in turn**, the one's host work behind the other's decode call: all host work together is 4 % of a
///   step of eight rows, and the batch would be halved.
/// - **A thread pool for a context's whole life**, in place of the threads that the library makes for each decode
///   call: 5.7 against 6.0 ms for one row, 13.7 against 13.6 for four, 20.7 against 19.8 for eight (medians of 200
///   calls each, in alternating blocks); 28.4 against 28.3 for a whole step of eight, streamed to their readers.
/// - **Attention without the flash attention kernel**: eight rows behind 1,300 tokens take 48 ms instead of 60, but
///   256 rows 1,300 instead of 660, and the cache cannot be quantized.
@NullMarked
package dev.parley.worker.schedule;

import org.jspecify.annotations.NullMarked;
