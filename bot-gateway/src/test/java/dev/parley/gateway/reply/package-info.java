/// Tests of one visible reply alone: every call's outcome is chosen by the test.
@NullMarked
package dev.parley.gateway.reply;

import org.jspecify.annotations.NullMarked;
