/// What every Parley process needs to run and to be seen from outside: logging, threads with
/// names, an orderly start and stop, metrics, and the health and metrics pages.
///
/// Knows [dev.parley.shared.config] and libraries; the `Main`s of all modules know it. Cores do
/// not: they are told the time and return what they decide.
@NullMarked
package dev.parley.shared.runtime;

import org.jspecify.annotations.NullMarked;
