package dev.parley.worker.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.parley.shared.wire.ChatMessage;
import dev.parley.shared.wire.EndReason;
import dev.parley.worker.llama.Llama;
import dev.parley.worker.llama.LlamaModel;
import dev.parley.worker.llama.TestModel;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What is said about messages that cannot become a prompt.
class TemplateRendererTest {
  private static final String ALTERNATING =
      """
      {%- for message in messages -%}
        {%- if (message.role == 'user') != (loop.index0 % 2 == 0) -%}
          {{ raise_exception('roles must alternate') }}
        {%- endif -%}
        {{ message.content }}
      {%- endfor -%}
      """;

  private static PromptException refusal(List<ChatMessage> messages) {
    try (LlamaModel model = Llama.open(TestModel.libraries()).loadModel(TestModel.file(), 0)) {
      TemplateRenderer renderer =
          new TemplateRenderer(ALTERNATING, model.vocab(), () -> Instant.EPOCH);
      return catchThrowableOfType(PromptException.class, () -> renderer.render(messages));
    }
  }

  @Test
  void messages_that_the_template_refuses_are_told_apart_from_none() {
    PromptException refused = refusal(List.of(ChatMessage.user("Hi"), ChatMessage.user("Hi?")));
    assertThat(refused.reason()).isEqualTo(EndReason.TEMPLATE);
    assertThat(refused).hasMessageContaining("roles must alternate");
    assertThat(refusal(List.of()).reason()).isEqualTo(EndReason.NO_MESSAGES);
  }
}
