/// In-memory stand-ins for the ports of `worker.intake`, for tests and the simulation.
@NullMarked
package dev.parley.worker.intake.testing;

import org.jspecify.annotations.NullMarked;
