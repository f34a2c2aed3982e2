/// Computed beginnings of prompts in files that the workers of one host share, and find again after a restart.
///
/// ```
/// PARLEY_DATA/prefixes/KEY/HASH.prefix      written whole to *.tmp, then renamed
///
/// magic, length | key, scope, token ids, state bytes | CRC32C || state ... | CRC32C
/// '---------------- read once by every worker ---------------'' '- when it is wanted -'
/// ```
///
/// - **KEY** stands for all that makes one engine's saved cache unreadable for another: model, template, library,
///   size of the slots, number format. **HASH** is of scope and token ids: two workers with the same
///   snapshot write the same file. The names are trusted for nothing: what the header says counts.
/// - **The folder is the index.** A worker that looks something up lists it, and reads the headers that are new
///   to it; their token ids are compared as those in memory are, so a file serves every prompt that begins like
///   it, and not only one that ends where the file does.
/// - **Two threads**, one that reads and one that writes, so that neither the engine's steps nor a reader wait
///   for the disk. What is to be written is bounded in bytes; beyond that it is not written, and counted.
/// - **The limit** holds over all keys and all workers: whoever has written deletes the files that were longest
///   not used (their time of modification is set at each use). Two that delete at once want the same ones.
///   An opened file stays readable when its name is gone. What nobody used for as long as a silent conversation
///   is remembered goes too.
/// - **What is damaged**, cut short or somebody else's is logged, deleted and never tried again.
///
/// The files hold what people wrote, as tokens and as numbers: their folder is for its owner alone (0700, files 0600) and
/// goes with the data folder. A request finds only those of its own cache scope.
///
/// What it costs, measured for 1,400 tokens of SmolLM2-135M (31 MiB of f16) on two cores that others used too: the
/// engine's thread 0.1 ms to hand a snapshot over, and no reading; the writer 13 to 38 ms; a look-up that finds
/// nothing 0.1 ms, one that reads 12 to 15 ms out of the page cache (computing them takes 4 s). For so long a
/// request with a better file is held back; others are not.
///
/// Knows `worker.llama` (saved sequences) only.
@NullMarked
package dev.parley.worker.prefix;

import org.jspecify.annotations.NullMarked;
