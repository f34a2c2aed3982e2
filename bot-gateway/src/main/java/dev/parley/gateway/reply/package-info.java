/// How an answer becomes visible on a platform whose messages are sent once and then edited: the
/// order of placeholder, edits and final text, and what is done when a send's outcome is unknown.
/// Pure; the platforms' adapters implement {@link dev.parley.gateway.reply.ReplyPlatform}.
@NullMarked
package dev.parley.gateway.reply;

import org.jspecify.annotations.NullMarked;
