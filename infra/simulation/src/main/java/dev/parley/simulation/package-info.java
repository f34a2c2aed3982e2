/// The whole protocol under a seeded scheduler of faults.
@NullMarked
package dev.parley.simulation;

import org.jspecify.annotations.NullMarked;
