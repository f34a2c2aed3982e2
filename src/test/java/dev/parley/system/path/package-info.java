/// The whole path in real processes: gateways, workers, a Kafka broker and Redis, and what happens when
/// one of them is killed, paused, emptied or fed with nonsense.
///
/// [Cluster] starts the processes, [Chat] talks to a gateway as the page does, [Reader] keeps all that
/// a user was shown. The limits are wide: order and outcome are asserted, never speed.
@NullMarked
package dev.parley.system.path;

import org.jspecify.annotations.NullMarked;
