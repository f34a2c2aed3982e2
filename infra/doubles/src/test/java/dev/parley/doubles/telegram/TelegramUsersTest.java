package dev.parley.doubles.telegram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TelegramUsersTest {
  private final Platform platform = new Platform();
  private final TelegramUsers users = platform.users;
  private final User ada = platform.ada;

  private Answer.Failed refused(Chat chat) {
    return platform.failed(Method.SEND_MESSAGE, "chat_id", chat.id(), "text", "x");
  }

  @Test
  void a_message_comes_to_the_bot_with_what_telegram_finds_in_it() {
    Chat chat = users.privateChat(ada);
    users.says(ada, chat, "/new@parley_bot please");
    var message = platform.lastUpdate().path("message");
    assertThat(message.path("text").asText()).isEqualTo("/new@parley_bot please");
    assertThat(message.at("/entities/0/type").asText()).isEqualTo("bot_command");
    assertThat(message.at("/from/language_code").asText()).isEqualTo("en");
    assertThat(message.at("/chat/id").asLong()).isEqualTo(ada.id());
  }

  @Test
  void in_a_group_the_bot_hears_only_what_concerns_it() {
    Chat group = users.group("Team", ada);
    users.says(ada, group, "good morning");
    users.says(ada, group, "/start@other_bot");
    users.says(ada, group, "so /start is a command");
    assertThat(platform.updates()).isEmpty();
    users.says(ada, group, "/start");
    users.says(ada, group, "hello @Parley_Bot");
    Message answer = platform.sent(group, "hello");
    users.says(ada, group, "thanks", Saying.replyTo(answer));
    assertThat(platform.updates())
        .extracting(u -> u.at("/message/text").asText())
        .containsExactly("/start", "hello @Parley_Bot", "thanks");
    assertThat(platform.lastUpdate().at("/message/reply_to_message/from/id").asLong())
        .isEqualTo(platform.server.world().bot().id());
  }

  @Test
  void as_an_administrator_or_without_privacy_it_hears_everything() {
    Chat group = users.group("Team", ada);
    users.promotesBot(ada, group);
    assertThat(platform.lastUpdate().at("/my_chat_member/new_chat_member/status").asText())
        .isEqualTo("administrator");
    users.says(ada, group, "good morning");
    users.demotesBot(ada, group);
    users.says(ada, group, "unheard");
    platform.server.world().privacy(false);
    users.says(ada, group, "good evening");
    assertThat(platform.updates())
        .extracting(u -> u.at("/message/text").asText())
        .containsSubsequence("good morning", "good evening")
        .doesNotContain("unheard");
  }

  @Test
  void an_edit_is_told_and_a_deletion_is_not() {
    Chat chat = platform.begun();
    Message message = users.says(ada, chat, "one");
    users.edits(message, "two");
    assertThat(platform.lastUpdate().at("/edited_message/text").asText()).isEqualTo("two");
    assertThat(platform.lastUpdate().at("/edited_message/edit_date").isNumber()).isTrue();
    int before = platform.updates().size();
    users.deletes(message);
    assertThat(platform.updates()).hasSize(before);
    assertThat(platform.transcript(chat).visible()).hasSize(1);
  }

  @Test
  void who_blocks_the_bot_is_not_reached() {
    Chat chat = platform.begun();
    users.blocksBot(ada);
    assertThat(platform.lastUpdate().at("/my_chat_member/new_chat_member/status").asText())
        .isEqualTo("kicked");
    assertThat(refused(chat).description()).isEqualTo("Forbidden: bot was blocked by the user");
    assertThat(refused(chat).code()).isEqualTo(403);
    users.unblocksBot(ada);
    platform.sent(chat, "again");
  }

  @Test
  void a_bot_that_is_thrown_out_neither_speaks_nor_hears() {
    Chat group = users.group("Team", ada);
    users.kicksBot(ada, group);
    assertThat(refused(group).description())
        .isEqualTo("Forbidden: bot was kicked from the group chat");
    int before = platform.updates().size();
    users.says(ada, group, "/start");
    assertThat(platform.updates()).hasSize(before);
    users.addsBot(ada, group);
    assertThat(platform.lastUpdate().at("/message/new_chat_members/0/username").asText())
        .isEqualTo("parley_bot");
    platform.sent(group, "thanks");
    Chat supergroup = users.supergroup("Big team", ada);
    users.kicksBot(ada, supergroup);
    assertThat(refused(supergroup).description())
        .isEqualTo("Forbidden: bot was kicked from the supergroup chat");
  }

  @Test
  void a_bot_can_leave() {
    Chat group = users.group("Team", ada);
    platform.ok(Method.LEAVE_CHAT, "chat_id", group.id());
    assertThat(refused(group).description())
        .isEqualTo("Forbidden: bot is not a member of the group chat");
    assertThat(platform.error(Method.LEAVE_CHAT, "chat_id", platform.begun().id()))
        .startsWith("Bad Request");
  }

  @Test
  void a_group_that_becomes_a_supergroup_has_another_id() {
    Chat group = users.group("Team", ada);
    Chat next = users.migrates(ada, group);
    assertThat(next.type()).isEqualTo(Chat.Type.SUPERGROUP);
    assertThat(platform.updates())
        .extracting(u -> u.path("message"))
        .satisfiesExactly(
            old -> assertThat(old.path("migrate_to_chat_id").asLong()).isEqualTo(next.id()),
            fresh -> assertThat(fresh.path("migrate_from_chat_id").asLong()).isEqualTo(group.id()));
    Answer.Failed failed = refused(group);
    assertThat(failed.description())
        .isEqualTo("Bad Request: group chat was upgraded to a supergroup chat");
    assertThat(failed.json().at("/parameters/migrate_to_chat_id").asLong()).isEqualTo(next.id());
    platform.sent(next, "here");
    assertThatThrownBy(() -> users.says(ada, group, "hello?"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_deleted_account_is_not_reached() {
    Chat chat = platform.begun();
    users.deletesAccount(ada);
    assertThat(refused(chat).description()).isEqualTo("Forbidden: user is deactivated");
  }

  @Test
  void files_come_with_their_field() {
    Chat chat = platform.begun();
    byte[] bytes = "# Notes".getBytes(StandardCharsets.UTF_8);
    users.sendsDocument(ada, chat, "notes.md", "text/markdown", bytes, "my notes");
    var message = platform.lastUpdate().path("message");
    assertThat(message.at("/document/file_name").asText()).isEqualTo("notes.md");
    assertThat(message.path("caption").asText()).isEqualTo("my notes");
    assertThat(message.has("text")).isFalse();
    users.sendsPhoto(ada, chat, "");
    assertThat(platform.lastUpdate().at("/message/photo/0/file_id").asText()).isNotEmpty();
    users.sendsSticker(ada, chat);
    assertThat(platform.lastUpdate().at("/message/sticker/type").asText()).isEqualTo("regular");
    users.sendsVoice(ada, chat);
    assertThat(platform.lastUpdate().at("/message/voice/duration").asInt()).isPositive();
  }

  @Test
  void a_topic_begins_with_a_line_whose_id_it_has() {
    Chat forum = users.forum("Team", ada);
    Topic topic = users.topic(ada, forum, "Plans");
    users.says(ada, forum, "@parley_bot hello", Saying.in(topic));
    var message = platform.lastUpdate().path("message");
    assertThat(message.path("message_thread_id").asInt()).isEqualTo(topic.id());
    assertThat(message.path("is_topic_message").asBoolean()).isTrue();
    assertThat(message.at("/chat/is_forum").asBoolean()).isTrue();
  }

  @Test
  void a_transcript_reads_as_a_conversation() {
    Chat chat = platform.begun();
    Message asked = users.says(ada, chat, "Why?\nTell me.");
    platform.sent(
        chat,
        "text",
        "Because.",
        "reply_parameters",
        java.util.Map.of("message_id", asked.id()),
        "reply_markup",
        Platform.keyboard("Again", "again"));
    assertThat(platform.transcript(chat).toString())
        .contains("Ada: Why?\\nTell me.")
        .contains("Parley -> " + asked.id() + ": Because. [Again]");
  }
}
