/// Tests of admission's bounds.
@NullMarked
package dev.parley.gateway.admission;

import org.jspecify.annotations.NullMarked;
