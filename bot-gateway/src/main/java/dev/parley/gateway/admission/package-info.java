/// Decides which messages are taken in at all: plain bounds on what is open, per user and in total.
/// Pure. Knows `chat` and shared.
@NullMarked
package dev.parley.gateway.admission;

import org.jspecify.annotations.NullMarked;
