/// The gateway's part of the turn protocol: {@link dev.parley.gateway.turn.TurnOwner} owns turns from
/// admission to delivery, watches over those of dead gateways, and puts back what Redis lost. Plain
/// machines on one thread; the seeded simulation steps the same code that production drives. Knows
/// shared, `chat`, `conversation`, `dispatch` and `reply`, no adapter.
@NullMarked
package dev.parley.gateway.turn;

import org.jspecify.annotations.NullMarked;
