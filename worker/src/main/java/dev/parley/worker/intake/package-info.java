/// Takes prompts from the queue, one holder a prompt, claims their turns and keeps hold of them
/// while the engine works. [dev.parley.worker.intake.HeldPrompt] decides, as a plain machine;
/// [dev.parley.worker.intake.Intake] is the shell of threads around it. The port
/// [dev.parley.worker.intake.PromptSource] stands before Kafka. Knows `shared`, `worker.engine` and
/// `worker.publish`; no adapter.
@NullMarked
package dev.parley.worker.intake;

import org.jspecify.annotations.NullMarked;
