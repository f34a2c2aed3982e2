/// What text an answer may be: GBNF grammars, and JSON schemas as grammars.
///
/// [Grammar] reads GBNF, the notation of llama.cpp; [JsonSchema] writes a grammar that allows only JSON which fits
/// a schema; [GrammarState] follows a text byte by byte and says what may come next. All of it is plain Java, so that
/// both doors refuse a bad grammar with the place of its fault, and a hostile one costs a bounded amount of
/// memory and time. llama.cpp's own matcher is not used: a grammar of forty bytes makes it follow 2^n readings
/// of n characters within one call, `{5,3}` makes its parser loop, hidden left recursion makes its matcher
/// loop, and a token that its `apply` allows may end the process in its `accept`. A test compares the two on
/// grammars that do none of this.
///
/// Pure: no thread, clock, I/O. Knows `shared.wire` and Jackson.
@NullMarked
package dev.parley.shared.grammar;

import org.jspecify.annotations.NullMarked;
