/// A seeded simulation of the whole turn protocol: the machines that production drives (gateways'
/// `TurnOwner`, workers' `HeldPrompt`) on the fakes of store and queue, under crashes, pauses, lost
/// and repeated messages, unknown outcomes, an emptied or rolled-back Redis, and clocks that differ.
/// {@link dev.parley.simulation.Simulation} runs one seed; {@link dev.parley.simulation.Checker} says
/// which promises it broke. One thread, no real time: the same seed is the same run.
@NullMarked
package dev.parley.simulation;

import org.jspecify.annotations.NullMarked;
