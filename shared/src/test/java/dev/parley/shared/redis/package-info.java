/// Tests against a real Redis of their own.
@NullMarked
package dev.parley.shared.redis;

import org.jspecify.annotations.NullMarked;
