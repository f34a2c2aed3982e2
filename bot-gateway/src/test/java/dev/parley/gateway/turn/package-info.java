/// Tests of the gateway's turn machinery on the fake store, with its real threads.
@NullMarked
package dev.parley.gateway.turn;

import org.jspecify.annotations.NullMarked;
