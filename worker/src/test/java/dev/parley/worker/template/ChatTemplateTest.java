package dev.parley.worker.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.parley.shared.wire.ChatMessage;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What is done around a template; the golden tests compare the rest.
class ChatTemplateTest {
  private static final SpecialTokens PLAIN = new SpecialTokens("<s>", "</s>", false, false);
  private static final String SIMPLE =
      "{{ bos_token }}{% for m in messages %}<{{ m.role }}>{{ m.content }}{{ eos_token }}{% endfor"
          + " %}{% if add_generation_prompt %}<assistant>{% endif %}";

  private static String render(String source, SpecialTokens tokens, ChatMessage... messages) {
    return ChatTemplate.parse(source, tokens).render(List.of(messages), Rendering.NOW).text();
  }

  @Test
  void a_prompt_ends_where_the_answer_begins() {
    assertThat(render(SIMPLE, PLAIN, ChatMessage.user("Hi")))
        .isEqualTo("<s><user>Hi</s><assistant>");
  }

  @Test
  void a_final_assistant_message_is_continued_and_not_closed() {
    assertThat(render(SIMPLE, PLAIN, ChatMessage.user("Hi"), ChatMessage.assistant("Hel")))
        .isEqualTo("<s><user>Hi</s><assistant>Hel");
  }

  @Test
  void an_empty_final_assistant_message_is_the_same_as_none() {
    assertThat(render(SIMPLE, PLAIN, ChatMessage.user("Hi"), ChatMessage.assistant("")))
        .isEqualTo("<s><user>Hi</s><assistant>");
  }

  @Test
  void a_token_that_the_vocabulary_adds_is_not_repeated() {
    SpecialTokens adding = new SpecialTokens("<s>", "</s>", true, true);
    assertThat(render(SIMPLE, adding, ChatMessage.user("Hi"))).isEqualTo("<user>Hi</s><assistant>");
    assertThat(
            render(
                "{{ bos_token }}{{ messages[0].content }}{{ eos_token }}",
                adding,
                ChatMessage.user("Hi")))
        .isEqualTo("Hi");
  }

  @Test
  void a_vocabulary_without_the_tokens_renders_too() {
    SpecialTokens none = new SpecialTokens("", "", true, true);
    assertThat(render(SIMPLE, none, ChatMessage.user("Hi"))).isEqualTo("<user>Hi<assistant>");
  }

  @Test
  void developer_counts_as_system() {
    assertThat(
            render(SIMPLE, PLAIN, ChatMessage.of("developer", "Be brief."), ChatMessage.user("Hi")))
        .isEqualTo("<s><system>Be brief.</s><user>Hi</s><assistant>");
  }

  @Test
  void a_system_message_that_the_template_would_lose_goes_in_front_of_the_next() {
    String loses =
        "{% for m in messages %}{% if m.role != 'system' %}<{{ m.role }}>{{ m.content }}{% endif %}"
            + "{% endfor %}";
    assertThat(render(loses, PLAIN, ChatMessage.system("Be brief."), ChatMessage.user("Hi")))
        .isEqualTo("<user>Be brief.\nHi");
  }

  @Test
  void a_template_that_wants_lists_of_parts_gets_them() {
    String typed =
        "{% for m in messages %}{% for part in m.content %}<{{ part.type }}>{{ part.text }}"
            + "{% endfor %}{% endfor %}";
    assertThat(render(typed, PLAIN, ChatMessage.user("Hi"))).isEqualTo("<text>Hi");
  }

  @Test
  void the_template_knows_the_date() {
    assertThat(
            render(
                "{{ date_string }}|{{ datetime }}{{ messages[0].content }}",
                PLAIN,
                ChatMessage.user("")))
        .isEqualTo("05 Mar 2026|Mar 05 2026");
  }

  @Test
  void no_messages_and_unknown_roles_are_refused() {
    ChatTemplate template = ChatTemplate.parse(SIMPLE, PLAIN);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> template.render(List.of(), Rendering.NOW));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> template.render(List.of(ChatMessage.of("<|im_start|>", "Hi")), Rendering.NOW))
        .withMessageContaining("unknown role");
  }

  @Test
  void a_conversation_that_costs_too_much_is_refused() {
    TemplateLimits tight = new TemplateLimits(1_000, 20, 300, 50, 1_000, 10);
    ChatTemplate template = ChatTemplate.parse(SIMPLE, PLAIN, tight);
    List<ChatMessage> many = Collections.nCopies(100, ChatMessage.user("Hi"));
    assertThatExceptionOfType(TemplateException.class)
        .isThrownBy(() -> template.render(many, Rendering.NOW))
        .withMessageContaining("300 steps");
  }

  @Test
  void ten_thousand_messages_render_under_the_default_limits() {
    ChatTemplate template = new Golden().parse("Qwen-Qwen3-0.6B");
    List<ChatMessage> many = Collections.nCopies(10_000, ChatMessage.user("Hi"));
    assertThat(template.render(many, Rendering.NOW).segments()).hasSizeGreaterThan(20_000);
  }
}
