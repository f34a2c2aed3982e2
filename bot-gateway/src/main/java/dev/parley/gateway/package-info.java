/// Chat in, edits out: the program. [dev.parley.gateway.GatewayMain] wires adapters and machines,
/// starts them in order and stops them in reverse; it knows every package of the gateway, and none
/// knows it.
@NullMarked
package dev.parley.gateway;

import org.jspecify.annotations.NullMarked;
