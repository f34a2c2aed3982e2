package dev.parley.doubles.telegram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class SignMethodsTest {
  private static final String TOO_OLD =
      "Bad Request: query is too old and response timeout expired or query ID is invalid";

  private final Platform platform = new Platform();
  private final Chat chat = platform.begun();

  private Press pressed() {
    Message sent =
        platform.sent(chat, "text", "x", "reply_markup", Platform.keyboard("Stop", "stop:1"));
    return platform.users.presses(platform.ada, sent, "Stop");
  }

  @Test
  void a_press_comes_to_the_bot_with_its_data_and_message() {
    Press press = pressed();
    var query = platform.lastUpdate().path("callback_query");
    assertThat(query.path("id").asText()).isEqualTo(press.queryId());
    assertThat(query.path("data").asText()).isEqualTo("stop:1");
    assertThat(query.at("/message/message_id").asInt()).isEqualTo(press.messageId());
    assertThat(query.at("/message/reply_markup/inline_keyboard/0/0/text").asText())
        .isEqualTo("Stop");
    assertThat(query.at("/from/first_name").asText()).isEqualTo("Ada");
  }

  @Test
  void a_press_is_answered_once_and_in_time() {
    Press press = pressed();
    platform.ok(
        Method.ANSWER_CALLBACK_QUERY,
        "callback_query_id",
        press.queryId(),
        "text",
        "Stopped",
        "show_alert",
        true);
    assertThat(platform.transcript(chat).now(press).answer())
        .contains(new Press.Answered(platform.now, "Stopped", true));
    assertThat(platform.error(Method.ANSWER_CALLBACK_QUERY, "callback_query_id", press.queryId()))
        .isEqualTo(TOO_OLD);
    Press late = pressed();
    platform.now += SignMethods.QUERY_LIFE_MS + 1;
    assertThat(platform.error(Method.ANSWER_CALLBACK_QUERY, "callback_query_id", late.queryId()))
        .isEqualTo(TOO_OLD);
    assertThat(platform.error(Method.ANSWER_CALLBACK_QUERY, "callback_query_id", "1"))
        .isEqualTo(TOO_OLD);
  }

  @Test
  void a_notice_has_at_most_200_characters() {
    assertThat(
            platform.error(
                Method.ANSWER_CALLBACK_QUERY,
                "callback_query_id",
                pressed().queryId(),
                "text",
                "x".repeat(201)))
        .isEqualTo("Bad Request: MESSAGE_TOO_LONG");
  }

  @Test
  void a_button_that_is_gone_cannot_be_pressed() {
    Message sent =
        platform.sent(chat, "text", "x", "reply_markup", Platform.keyboard("Stop", "stop:1"));
    platform.ok(Method.EDIT_MESSAGE_REPLY_MARKUP, "chat_id", chat.id(), "message_id", sent.id());
    assertThatThrownBy(() -> platform.users.presses(platform.ada, sent, "Stop"))
        .hasMessageContaining("no button");
  }

  @Test
  void an_action_is_seen_and_must_be_one_of_telegrams() {
    platform.ok(Method.SEND_CHAT_ACTION, "chat_id", chat.id(), "action", "typing");
    assertThat(platform.transcript(chat).actions())
        .extracting(ChatAction::action)
        .containsExactly("typing");
    assertThat(platform.error(Method.SEND_CHAT_ACTION, "chat_id", chat.id(), "action", "think"))
        .isEqualTo("Bad Request: wrong parameter action in request");
  }

  private void drafts(String text) {
    platform.ok(
        Method.SEND_MESSAGE_DRAFT,
        "chat_id",
        chat.id(),
        "draft_id",
        3,
        "text",
        text,
        "can_stop",
        true);
  }

  @Test
  void a_draft_goes_with_the_next_message_and_comes_back_with_its_next_text() {
    drafts("Hel");
    assertThat(platform.transcript(chat).openDraft()).map(Draft::text).contains("Hel");
    platform.sent(chat, "Another answer");
    assertThat(platform.transcript(chat).openDraft()).isEmpty();

    drafts("Hello");
    assertThat(platform.transcript(chat).openDraft()).map(Draft::text).contains("Hello");
  }

  @Test
  void a_draft_that_does_not_change_is_gone_after_thirty_seconds() {
    drafts("Hel");
    Draft draft = platform.transcript(chat).openDraft().orElseThrow();
    assertThat(draft.visible(platform.now + 29_999)).isTrue();
    assertThat(draft.visible(platform.now + 30_000)).isFalse();
    platform.now += 30_000;
    assertThatThrownBy(() -> platform.users.stopsDraft(chat)).hasMessageContaining("no draft");
  }

  @Test
  void a_draft_that_is_stopped_goes_and_the_bot_is_told() {
    drafts("Hel");
    platform.users.stopsDraft(chat);
    assertThat(platform.transcript(chat).openDraft()).isEmpty();
    var stopped = platform.lastUpdate().path("stopped_message_generation");
    assertThat(stopped.path("draft_id").asInt()).isEqualTo(3);
    assertThat(stopped.at("/chat/id").asLong()).isEqualTo(chat.id());

    platform.ok(Method.SEND_MESSAGE_DRAFT, "chat_id", chat.id(), "draft_id", 4, "text", "Hel");
    assertThatThrownBy(() -> platform.users.stopsDraft(chat)).hasMessageContaining("no draft");
  }

  @Test
  void an_older_server_does_not_know_drafts() {
    platform.server.knows(Method.SEND_MESSAGE_DRAFT, false);
    Answer.Failed failed =
        platform.failed(
            Method.SEND_MESSAGE_DRAFT, "chat_id", chat.id(), "draft_id", 3, "text", "x");
    assertThat(failed.code()).isEqualTo(404);
    platform.server.knows(Method.SEND_MESSAGE_DRAFT, true);
    drafts("x");
  }

  @Test
  void a_draft_holds_as_much_as_a_message() {
    drafts("x".repeat(4_096));
    assertThat(
            platform.error(
                Method.SEND_MESSAGE_DRAFT,
                "chat_id",
                chat.id(),
                "draft_id",
                3,
                "text",
                "x".repeat(4_097)))
        .isEqualTo("Bad Request: MESSAGE_TOO_LONG");
    assertThat(
            platform.error(
                Method.SEND_MESSAGE_DRAFT,
                "chat_id",
                chat.id(),
                "draft_id",
                3,
                "text",
                "x",
                "entities",
                List.of(Platform.entity("bold", 0, 2))))
        .contains("entit");
  }

  @Test
  void drafts_of_one_id_are_versions_of_one_draft() {
    for (String text : new String[] {"", "Hel", "Hello"}) {
      drafts(text);
    }
    assertThat(platform.transcript(chat).drafts()).hasSize(1);
    assertThat(platform.transcript(chat).drafts().getFirst().versions())
        .extracting(Version::text)
        .containsExactly("", "Hel", "Hello");
    assertThat(platform.transcript(chat).fromBot()).isEmpty();
  }

  @Test
  void drafts_are_for_private_chats_and_have_an_id() {
    Chat group = platform.users.group("Team", platform.ada);
    assertThat(
            platform.error(
                Method.SEND_MESSAGE_DRAFT, "chat_id", group.id(), "draft_id", 3, "text", "x"))
        .isEqualTo("Bad Request: TEXTDRAFT_PEER_INVALID");
    assertThat(platform.error(Method.SEND_MESSAGE_DRAFT, "chat_id", chat.id(), "text", "x"))
        .isEqualTo("Bad Request: draft_id must be non-zero");
  }
}
