/// What gateway and worker agree on.
@NullMarked
package dev.parley.shared;

import org.jspecify.annotations.NullMarked;
