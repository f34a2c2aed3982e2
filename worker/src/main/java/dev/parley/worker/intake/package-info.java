/// Takes prompts from the queue, one holder a prompt, claims their turns and keeps hold of them
/// while the engine works. The port [dev.parley.worker.intake.PromptSource] stands before Kafka.
/// Knows `shared`; no adapter.
@NullMarked
package dev.parley.worker.intake;

import org.jspecify.annotations.NullMarked;
