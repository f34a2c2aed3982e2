/// What gateways keep together in Redis beside the turns, behind ports of their consumers.
@NullMarked
package dev.parley.gateway.redis;

import org.jspecify.annotations.NullMarked;
