@NullMarked
package dev.parley.shared.kafka;

import org.jspecify.annotations.NullMarked;
