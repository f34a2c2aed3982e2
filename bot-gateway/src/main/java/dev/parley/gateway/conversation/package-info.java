/// What a conversation remembers, and how the prompt for its next turn is built from it. Pure.
@NullMarked
package dev.parley.gateway.conversation;

import org.jspecify.annotations.NullMarked;
