/// Hand-written in-memory stand-ins for the gateway's ports, for the tests of every module. Not used
/// by a running gateway.
@NullMarked
package dev.parley.gateway.testing;

import org.jspecify.annotations.NullMarked;
