/// Decides which sequences get how many tokens of the next step.
///
/// Pure: no thread, clock, I/O or logger, and no model: a sequence is an id with a number of prompt
/// tokens. The engine asks for a [StepPlan], carries it out and reports back. It knows no other package.
@NullMarked
package dev.parley.worker.schedule;

import org.jspecify.annotations.NullMarked;
