/// Port to the queue: hands a prompt to Kafka and says whether it got there. The adapter is
/// `gateway.kafka`.
@NullMarked
package dev.parley.gateway.dispatch;

import org.jspecify.annotations.NullMarked;
