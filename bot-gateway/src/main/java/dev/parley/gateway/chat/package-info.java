/// The port between platforms and the turn machinery: a platform hands in an [InboundMessage] and
/// watches [TurnEvent]s come back; how the turn is queued, run, repaired and ended is not its concern.
///
/// Knows `dev.parley.shared` only. Platform adapters depend on this package, and the turn machinery
/// implements [Turns]; neither knows the other.
@NullMarked
package dev.parley.gateway.chat;

import org.jspecify.annotations.NullMarked;
