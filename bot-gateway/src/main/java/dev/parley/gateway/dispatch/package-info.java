/// Hands prompts to the queue and ends the turns of those that the queue gave up on. The ports
/// [dev.parley.gateway.dispatch.PromptSink] and [dev.parley.gateway.dispatch.DeadLetters] stand
/// before Kafka. Knows `shared`; no adapter.
@NullMarked
package dev.parley.gateway.dispatch;

import org.jspecify.annotations.NullMarked;
