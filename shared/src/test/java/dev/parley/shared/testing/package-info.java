@NullMarked
package dev.parley.shared.testing;

import org.jspecify.annotations.NullMarked;
