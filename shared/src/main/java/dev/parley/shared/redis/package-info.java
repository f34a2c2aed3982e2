/// Redis: the turn store's Lua scripts and their caller, channels that come back by themselves, and
/// what a Redis must offer before Parley trusts it. Knows {@code shared.turn}, {@code shared.wire} and
/// Jedis, which nobody else does.
@NullMarked
package dev.parley.shared.redis;

import org.jspecify.annotations.NullMarked;
