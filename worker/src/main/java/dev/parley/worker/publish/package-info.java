/// Writes what the engine made to the turns' store: the appends of all turns together, one round trip
/// at a time. Knows `shared`.
@NullMarked
package dev.parley.worker.publish;

import org.jspecify.annotations.NullMarked;
