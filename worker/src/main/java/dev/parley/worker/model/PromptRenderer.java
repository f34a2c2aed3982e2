package dev.parley.worker.model;

import dev.parley.shared.wire.ChatMessage;
import dev.parley.worker.template.RenderedPrompt;
import java.util.List;

/// A chat template, ready to be applied. Thread-safe.
@FunctionalInterface
interface PromptRenderer {

  /// @throws PromptException when the messages do not fit the template
  RenderedPrompt render(List<ChatMessage> messages);
}
