/// What the two programs say to each other: the Kafka value, the deltas of the live stream, the
/// messages on a gateway's or worker's channel, and their encodings. Knows only {@code shared.turn}'s
/// identities and Jackson.
@NullMarked
package dev.parley.shared.wire;

import org.jspecify.annotations.NullMarked;
