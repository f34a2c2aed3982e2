/// The adapter against a strict double of the Bot API, with turns on a fake store that the test answers.
@NullMarked
package dev.parley.gateway.telegram;

import org.jspecify.annotations.NullMarked;
