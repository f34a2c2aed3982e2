/// The queue as the gateway sees it, on Kafka: the adapters behind the ports of
/// `gateway.dispatch`. Knows those and `shared.kafka`; no Kafka type leaves it.
@NullMarked
package dev.parley.gateway.kafka;

import org.jspecify.annotations.NullMarked;
