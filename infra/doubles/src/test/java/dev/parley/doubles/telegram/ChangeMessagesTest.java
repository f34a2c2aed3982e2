package dev.parley.doubles.telegram;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChangeMessagesTest {
  private final Platform platform = new Platform();
  private final Chat chat = platform.begun();

  private Message edit(Message message, Object... pairs) {
    platform.ok(Method.EDIT_MESSAGE_TEXT, args(message, pairs));
    return platform.transcript(chat).now(message);
  }

  private String editError(Message message, Object... pairs) {
    return platform.error(Method.EDIT_MESSAGE_TEXT, args(message, pairs));
  }

  private static Object[] args(Message message, Object... pairs) {
    Object[] all = new Object[pairs.length + 4];
    all[0] = "chat_id";
    all[1] = message.chat().id();
    all[2] = "message_id";
    all[3] = message.id();
    System.arraycopy(pairs, 0, all, 4, pairs.length);
    return all;
  }

  @Test
  void an_edit_is_another_version() {
    Message sent = platform.sent(chat, "one");
    platform.now += 1500;
    Message edited = edit(sent, "text", "two");
    assertThat(edited.versions()).extracting(Version::text).containsExactly("one", "two");
    assertThat(edited.latest().atMs()).isEqualTo(platform.now);
    assertThat(edited.edited()).isTrue();
  }

  @Test
  void an_edit_that_changes_nothing_is_refused() {
    Message sent = platform.sent(chat, "one");
    assertThat(editError(sent, "text", "one \n"))
        .isEqualTo(
            "Bad Request: message is not modified: specified new message content and reply markup"
                + " are exactly the same as a current content and reply markup of the message");
    assertThat(edit(sent, "text", "one", "entities", List.of(Platform.entity("bold", 0, 3))))
        .extracting(Message::edited)
        .isEqualTo(true);
  }

  @Test
  void an_edit_without_buttons_takes_them_away() {
    Message sent =
        platform.sent(chat, "text", "one", "reply_markup", Platform.keyboard("Stop", "stop"));
    assertThat(edit(sent, "text", "two").button("Stop")).isEmpty();
  }

  @Test
  void only_the_buttons_can_change() {
    Message sent = platform.sent(chat, "one");
    platform.ok(
        Method.EDIT_MESSAGE_REPLY_MARKUP,
        args(sent, "reply_markup", Platform.keyboard("Stop", "stop")));
    assertThat(platform.transcript(chat).now(sent).button("stop")).isPresent();
    assertThat(
            platform.error(
                Method.EDIT_MESSAGE_REPLY_MARKUP,
                args(sent, "reply_markup", Platform.keyboard("Stop", "stop"))))
        .startsWith("Bad Request: message is not modified");
  }

  @Test
  void only_messages_of_the_bot_that_are_there_can_be_edited() {
    Message asked = platform.users.says(platform.ada, chat, "hello");
    assertThat(editError(asked, "text", "x")).isEqualTo("Bad Request: message can't be edited");
    Message sent = platform.sent(chat, "one");
    platform.users.deletes(sent);
    assertThat(editError(sent, "text", "x")).isEqualTo("Bad Request: message to edit not found");
  }

  @Test
  void a_text_that_is_too_long_is_worded_otherwise_than_when_sent() {
    assertThat(editError(platform.sent(chat, "one"), "text", "x".repeat(4097)))
        .isEqualTo("Bad Request: MESSAGE_TOO_LONG");
  }

  private String documentOf(byte[] bytes) {
    platform.users.sendsDocument(platform.ada, chat, "a.md", "text/markdown", bytes, "");
    return platform.lastUpdate().at("/message/document/file_id").asText();
  }

  private Message document(String fileId) {
    int id =
        platform
            .ok(Method.SEND_DOCUMENT, "chat_id", chat.id(), "document", fileId)
            .path("message_id")
            .asInt();
    return platform.transcript(chat).message(id).orElseThrow();
  }

  private String mediaError(Message message, Object media) {
    return platform.error(Method.EDIT_MESSAGE_MEDIA, args(message, "media", media));
  }

  @Test
  void a_document_takes_the_place_of_another() {
    Message sent = document(documentOf(new byte[] {1}));
    String other = documentOf(new byte[] {1, 2});
    Map<String, String> media = Map.of("type", "document", "media", other, "caption", "mine");
    platform.ok(Method.EDIT_MESSAGE_MEDIA, args(sent, "media", media));

    Message now = platform.transcript(chat).now(sent);
    assertThat(now.attachment()).map(Attachment::size).contains(2);
    assertThat(now.text()).isEqualTo("mine");
    assertThat(now.edited()).isTrue();
    assertThat(mediaError(sent, media)).startsWith("Bad Request: message is not modified");
  }

  @Test
  void neither_a_document_nor_a_text_becomes_the_other() {
    String file = documentOf(new byte[] {1});
    assertThat(editError(document(file), "text", "x"))
        .isEqualTo("Bad Request: there is no text in the message to edit");
    assertThat(mediaError(platform.sent(chat, "one"), Map.of("type", "document", "media", file)))
        .isEqualTo("Bad Request: there is no media in the message to edit");
  }

  @Test
  void what_is_no_document_does_not_take_the_place_of_one() {
    Message sent = document(documentOf(new byte[] {1}));
    assertThat(platform.error(Method.EDIT_MESSAGE_MEDIA, args(sent)))
        .isEqualTo("Bad Request: parameter \"media\" is required");
    assertThat(mediaError(sent, Map.of("type", "document", "media", "attach://a.md")))
        .isEqualTo("Bad Request: media not found");
    assertThat(mediaError(sent, Map.of("type", "story", "media", "x")))
        .isEqualTo("Bad Request: unsupported input media type");
  }

  @Test
  void a_deleted_message_stays_in_the_transcript() {
    Message sent = platform.sent(chat, "one");
    platform.ok(Method.DELETE_MESSAGE, args(sent));
    assertThat(platform.transcript(chat).now(sent).deleted()).isTrue();
    assertThat(platform.transcript(chat).fromBot()).isEmpty();
    assertThat(platform.error(Method.DELETE_MESSAGE, args(sent)))
        .isEqualTo("Bad Request: message to delete not found");
  }

  @Test
  void after_two_days_and_in_groups_messages_may_not_be_deletable() {
    Message old = platform.sent(chat, "one");
    platform.now += 49L * 3_600_000;
    assertThat(platform.error(Method.DELETE_MESSAGE, args(old)))
        .isEqualTo("Bad Request: message can't be deleted for everyone");
    Chat group = platform.users.group("Team", platform.ada);
    Message asked = platform.users.says(platform.ada, group, "hello");
    assertThat(platform.error(Method.DELETE_MESSAGE, args(asked)))
        .isEqualTo("Bad Request: message can't be deleted");
    platform.users.promotesBot(platform.ada, group);
    platform.ok(Method.DELETE_MESSAGE, args(asked));
  }

  @Test
  void several_are_deleted_and_those_that_are_not_there_do_not_matter() {
    Message one = platform.sent(chat, "one");
    Message two = platform.sent(chat, "two");
    platform.ok(
        Method.DELETE_MESSAGES,
        "chat_id",
        chat.id(),
        "message_ids",
        List.of(one.id(), 4711, two.id()));
    assertThat(platform.transcript(chat).fromBot()).isEmpty();
    assertThat(platform.error(Method.DELETE_MESSAGES, "chat_id", chat.id()))
        .isEqualTo("Bad Request: message identifiers are not specified");
  }
}
