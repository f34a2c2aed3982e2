/// Real processes, real Kafka and Redis.
@NullMarked
package dev.parley.system;

import org.jspecify.annotations.NullMarked;
