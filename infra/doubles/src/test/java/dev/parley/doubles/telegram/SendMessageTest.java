package dev.parley.doubles.telegram;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SendMessageTest {
  private final Platform platform = new Platform();
  private final Chat chat = platform.begun();

  private String error(Object... pairs) {
    return platform.error(Method.SEND_MESSAGE, pairs);
  }

  @Test
  void a_message_comes_back_as_it_is_kept() {
    var result = platform.ok(Method.SEND_MESSAGE, "chat_id", chat.id(), "text", "  hello \n");
    assertThat(result.path("text").asText()).isEqualTo("hello");
    assertThat(result.at("/chat/type").asText()).isEqualTo("private");
    assertThat(result.at("/from/is_bot").asBoolean()).isTrue();
    assertThat(result.path("date").asLong()).isEqualTo(platform.now / 1000);
    assertThat(platform.transcript(chat).fromBot()).hasSize(1);
  }

  @Test
  void a_text_with_nothing_to_see_is_refused() {
    assertThat(error("chat_id", chat.id())).isEqualTo("Bad Request: message text is empty");
    for (String nothing : List.of(" \n", "\u200b\u200d\ufeff", "\u2800 \u00a0")) {
      assertThat(error("chat_id", chat.id(), "text", nothing))
          .isEqualTo("Bad Request: text must be non-empty");
    }
  }

  @Test
  void a_text_has_at_most_4096_utf16_units_after_trimming() {
    assertThat(platform.sent(chat, " " + "x".repeat(4096) + "\n").text()).hasSize(4096);
    assertThat(error("chat_id", chat.id(), "text", "x".repeat(4097)))
        .isEqualTo("Bad Request: message is too long");
    assertThat(platform.sent(chat, "\ud83d\ude00".repeat(2048)).text()).hasSize(4096);
    assertThat(error("chat_id", chat.id(), "text", "\ud83d\ude00".repeat(2048) + "x"))
        .isEqualTo("Bad Request: message is too long");
  }

  @Test
  void a_chat_must_exist() {
    assertThat(error("text", "x")).isEqualTo("Bad Request: chat_id is empty");
    assertThat(error("chat_id", 12, "text", "x")).isEqualTo("Bad Request: chat not found");
    assertThat(error("chat_id", "@nobody", "text", "x")).isEqualTo("Bad Request: chat not found");
  }

  @Test
  void the_bot_cannot_speak_first() {
    Chat silent = platform.users.privateChat(platform.users.person("Grace"));
    assertThat(error("chat_id", silent.id(), "text", "x"))
        .isEqualTo("Forbidden: bot can't initiate conversation with a user");
  }

  @Test
  void a_reply_needs_its_message_unless_it_says_that_it_does_not() {
    Message asked = platform.users.says(platform.ada, chat, "a question");
    Message reply =
        platform.sent(chat, "text", "x", "reply_parameters", Map.of("message_id", asked.id()));
    assertThat(reply.replyTo()).hasValue(asked.id());
    platform.users.deletes(asked);
    assertThat(
            error(
                "chat_id",
                chat.id(),
                "text",
                "x",
                "reply_parameters",
                Map.of("message_id", asked.id())))
        .isEqualTo("Bad Request: message to be replied not found");
    Message alone =
        platform.sent(
            chat,
            "text",
            "x",
            "reply_parameters",
            Map.of("message_id", asked.id(), "allow_sending_without_reply", true));
    assertThat(alone.replyTo()).isEmpty();
  }

  @Test
  void a_quote_is_a_part_of_the_message() {
    Message asked = platform.users.says(platform.ada, chat, "one two three");
    Message reply =
        platform.sent(
            chat,
            "text",
            "x",
            "reply_parameters",
            Map.of("message_id", asked.id(), "quote", "two"));
    assertThat(reply.quote()).contains("two");
    assertThat(
            error(
                "chat_id",
                chat.id(),
                "text",
                "x",
                "reply_parameters",
                Map.of("message_id", asked.id(), "quote", "four")))
        .isEqualTo("Bad Request: QUOTE_TEXT_INVALID");
  }

  @Test
  void a_topic_must_exist_and_a_reply_stays_in_it() {
    Chat forum = platform.users.forum("Team", platform.ada);
    Topic topic = platform.users.topic(platform.ada, forum, "Plans");
    assertThat(platform.sent(forum, "text", "x", "message_thread_id", topic.id()).topic())
        .hasValue(topic.id());
    assertThat(error("chat_id", forum.id(), "text", "x", "message_thread_id", 4711))
        .isEqualTo("Bad Request: message thread not found");
    Message asked = platform.users.says(platform.ada, forum, "?", Saying.in(topic));
    Message reply =
        platform.sent(forum, "text", "x", "reply_parameters", Map.of("message_id", asked.id()));
    assertThat(reply.topic()).hasValue(topic.id());
    Topic other = platform.users.topic(platform.ada, forum, "Other");
    assertThat(
            error(
                "chat_id",
                forum.id(),
                "text",
                "x",
                "message_thread_id",
                other.id(),
                "reply_parameters",
                Map.of("message_id", asked.id())))
        .isEqualTo("Bad Request: message to be replied not found");
  }

  @Test
  void buttons_have_data_of_1_to_64_bytes() {
    Message sent =
        platform.sent(chat, "text", "x", "reply_markup", Platform.keyboard("Go", "d".repeat(64)));
    assertThat(sent.button("Go")).isPresent();
    for (String wrong : List.of("", "d".repeat(65), "\u00e9".repeat(33))) {
      assertThat(
              error(
                  "chat_id",
                  chat.id(),
                  "text",
                  "x",
                  "reply_markup",
                  Platform.keyboard("Go", wrong)))
          .isEqualTo("Bad Request: BUTTON_DATA_INVALID");
    }
    Object without = Map.of("inline_keyboard", List.of(List.of(Map.of("text", "does nothing"))));
    assertThat(error("chat_id", chat.id(), "text", "x", "reply_markup", without))
        .contains("text buttons are unallowed in the inline keyboard");
  }

  @Test
  void markup_of_the_text_is_refused_since_the_double_reads_none() {
    assertThat(error("chat_id", chat.id(), "text", "*x*", "parse_mode", "MarkdownV2"))
        .isEqualTo("Bad Request: unsupported parse_mode");
  }

  @Test
  void whether_links_unfold_is_kept() {
    assertThat(platform.sent(chat, "see example.com").latest().linkPreview()).isTrue();
    Message without =
        platform.sent(
            chat, "text", "see example.com", "link_preview_options", Map.of("is_disabled", true));
    assertThat(without.latest().linkPreview()).isFalse();
  }

  @Test
  void ids_rise_and_supergroups_count_for_themselves() {
    Chat group = platform.users.group("Team", platform.ada);
    Chat supergroup = platform.users.supergroup("Big team", platform.ada);
    int first = platform.sent(chat, "1").id();
    assertThat(platform.sent(group, "2").id()).isEqualTo(first + 1);
    assertThat(platform.sent(supergroup, "3").id()).isEqualTo(2);
    assertThat(platform.sent(chat, "4").id()).isEqualTo(first + 2);
    assertThat(group.id()).isNegative();
    assertThat(Long.toString(supergroup.id())).startsWith("-100");
  }
}
