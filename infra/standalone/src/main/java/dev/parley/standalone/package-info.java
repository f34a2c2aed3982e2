/// The command line (`./parley`), and everything on one machine: an embedded Kafka broker and
/// Redis, workers and a gateway as supervised child processes.
///
/// Knows everybody's `Main`, because it starts them; nobody but benches and system tests knows it.
@NullMarked
package dev.parley.standalone;

import org.jspecify.annotations.NullMarked;
