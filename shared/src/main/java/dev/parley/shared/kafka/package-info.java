/// What gateway and worker agree on about Kafka: the names of topics and groups, the settings, and
/// the check at start that the cluster is set up as the protocol needs it. Knows `shared.wire` and
/// the Kafka client; nothing of the Kafka client leaves it but configuration maps.
@NullMarked
package dev.parley.shared.kafka;

import org.jspecify.annotations.NullMarked;
