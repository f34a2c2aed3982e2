/// The turn record and the scripts that alone change it: what keeps Parley's promise. The port
/// {@link dev.parley.shared.turn.TurnStore} says what each script does; {@code shared.redis} holds the
/// Lua, {@code shared.testing} the fake that is compared with it. Knows only {@code shared.wire}.
@NullMarked
package dev.parley.shared.turn;

import org.jspecify.annotations.NullMarked;
