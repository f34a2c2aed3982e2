/// In-memory stand-ins for the ports of `gateway.dispatch`, for tests and the simulation.
@NullMarked
package dev.parley.gateway.dispatch.testing;

import org.jspecify.annotations.NullMarked;
