/// The command line (`./parley`), and everything on one machine: an embedded Kafka broker and
/// Redis, workers and a gateway as supervised child processes.
///
/// Starts the others as processes and finds their verbs as services; nobody but benches and system
/// tests knows it.
@NullMarked
package dev.parley.standalone;

import org.jspecify.annotations.NullMarked;
