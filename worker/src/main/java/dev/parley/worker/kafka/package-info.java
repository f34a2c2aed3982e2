/// Prompts from Kafka share groups: the adapter behind [dev.parley.worker.intake.PromptSource].
/// Knows that port and `shared.kafka`; no Kafka type leaves it.
@NullMarked
package dev.parley.worker.kafka;

import org.jspecify.annotations.NullMarked;
