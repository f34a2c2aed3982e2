/// Measures what the README claims.
@NullMarked
package dev.parley.bench;

import org.jspecify.annotations.NullMarked;
