package dev.parley.worker.model;

import dev.parley.shared.wire.ChatMessage;
import dev.parley.shared.wire.EndReason;
import dev.parley.worker.llama.LlamaVocab;
import dev.parley.worker.template.ChatTemplate;
import dev.parley.worker.template.RenderedPrompt;
import dev.parley.worker.template.SpecialTokens;
import dev.parley.worker.template.TemplateException;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;

/// A model's own chat template, applied with today's date.
final class TemplateRenderer implements PromptRenderer {
  private final ChatTemplate template;
  private final InstantSource clock;

  /// @throws TemplateException when the template is one that cannot be evaluated
  TemplateRenderer(String source, LlamaVocab vocab, InstantSource clock) {
    SpecialTokens tokens =
        new SpecialTokens(vocab.bosText(), vocab.eosText(), vocab.addsBos(), false);
    this.template = ChatTemplate.parse(source, tokens);
    this.clock = clock;
  }

  @Override
  public RenderedPrompt render(List<ChatMessage> messages) {
    if (messages.isEmpty()) {
      throw new PromptException(EndReason.NO_MESSAGES, "there are no messages to answer");
    }
    try {
      return template.render(
          messages, LocalDateTime.ofInstant(clock.instant(), ZoneId.systemDefault()));
    } catch (TemplateException | IllegalArgumentException e) {
      throw new PromptException(
          EndReason.TEMPLATE, "the messages do not fit the model's template: " + e.getMessage(), e);
    }
  }
}
