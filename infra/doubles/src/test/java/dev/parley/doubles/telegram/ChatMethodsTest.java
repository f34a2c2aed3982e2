package dev.parley.doubles.telegram;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChatMethodsTest {
  private final Platform platform = new Platform();
  private final Chat chat = platform.begun();

  private static Map<String, String> command(String name, String description) {
    return Map.of("command", name, "description", description);
  }

  private String commandError(String name, String description) {
    return platform.error(Method.SET_MY_COMMANDS, "commands", List.of(command(name, description)));
  }

  @Test
  void the_bot_knows_itself() {
    var me = platform.ok(Method.GET_ME);
    assertThat(me.path("username").asText()).isEqualTo("parley_bot");
    assertThat(me.path("can_read_all_group_messages").asBoolean()).isFalse();
  }

  @Test
  void commands_are_kept_by_scope_and_language() {
    platform.ok(
        Method.SET_MY_COMMANDS,
        "commands",
        List.of(command("new", "Start anew")),
        "scope",
        Map.of("type", "all_private_chats"),
        "language_code",
        "en");
    assertThat(platform.ok(Method.GET_MY_COMMANDS)).isEmpty();
    assertThat(
            platform
                .ok(
                    Method.GET_MY_COMMANDS,
                    "scope",
                    Map.of("type", "all_private_chats"),
                    "language_code",
                    "en")
                .at("/0/command")
                .asText())
        .isEqualTo("new");
    assertThat(platform.server.commands().list("all_private_chats", "en"))
        .containsExactly(new BotCommand("new", "Start anew"));
    platform.ok(
        Method.DELETE_MY_COMMANDS,
        "scope",
        Map.of("type", "all_private_chats"),
        "language_code",
        "en");
    assertThat(platform.server.commands().list("all_private_chats", "en")).isEmpty();
  }

  @Test
  void commands_have_limits() {
    assertThat(commandError("New", "x")).isEqualTo("Bad Request: BOT_COMMAND_INVALID");
    assertThat(commandError("n".repeat(33), "x"))
        .isEqualTo("Bad Request: command length must not exceed 32");
    assertThat(commandError("new", " "))
        .isEqualTo("Bad Request: command description must be non-empty");
    assertThat(commandError("new", "x".repeat(257)))
        .isEqualTo("Bad Request: command description length must not exceed 256");
    List<Map<String, String>> many =
        IntStream.range(0, 101).mapToObj(i -> command("c" + i, "x")).toList();
    assertThat(platform.error(Method.SET_MY_COMMANDS, "commands", many))
        .isEqualTo("Bad Request: BOT_COMMANDS_TOO_MUCH");
    assertThat(platform.error(Method.GET_MY_COMMANDS, "language_code", "english"))
        .isEqualTo("Bad Request: invalid language code specified");
    assertThat(platform.error(Method.GET_MY_COMMANDS, "scope", Map.of("type", "galaxy")))
        .startsWith("Bad Request: can't parse BotCommandScope");
  }

  @Test
  void members_are_told_from_strangers() {
    User grace = platform.users.person("Grace");
    Chat group = platform.users.group("Team", platform.ada);
    assertThat(status(group, platform.ada)).isEqualTo("member");
    assertThat(status(group, grace)).isEqualTo("left");
    assertThat(status(group, platform.server.world().bot())).isEqualTo("member");
    assertThat(platform.error(Method.GET_CHAT_MEMBER, "chat_id", group.id(), "user_id", 5))
        .isEqualTo("Bad Request: invalid user_id specified");
  }

  private String status(Chat group, User user) {
    return platform
        .ok(Method.GET_CHAT_MEMBER, "chat_id", group.id(), "user_id", user.id())
        .path("status")
        .asText();
  }

  @Test
  void a_file_of_a_person_can_be_found_by_its_id() {
    platform.users.sendsDocument(
        platform.ada, chat, "a.txt", "text/plain", new byte[] {1, 2, 3}, "");
    String id = platform.lastUpdate().at("/message/document/file_id").asText();
    var file = platform.ok(Method.GET_FILE, "file_id", id);
    assertThat(file.path("file_size").asInt()).isEqualTo(3);
    assertThat(platform.server.world().files().byPath(file.path("file_path").asText())).isPresent();
    assertThat(platform.error(Method.GET_FILE, "file_id", "x"))
        .isEqualTo("Bad Request: invalid file_id");
  }

  @Test
  void files_over_20_mib_cannot_be_fetched() {
    platform.users.sendsDocument(
        platform.ada, chat, "a.bin", "x/y", new byte[Files.MAX_DOWNLOAD + 1], "");
    String id = platform.lastUpdate().at("/message/document/file_id").asText();
    assertThat(platform.error(Method.GET_FILE, "file_id", id))
        .isEqualTo("Bad Request: file is too big");
  }

  @Test
  void a_document_can_be_sent_again_by_its_id() {
    platform.users.sendsDocument(platform.ada, chat, "a.txt", "text/plain", new byte[] {1}, "");
    String id = platform.lastUpdate().at("/message/document/file_id").asText();
    platform.ok(Method.SEND_DOCUMENT, "chat_id", chat.id(), "document", id, "caption", "yours");
    Message sent = platform.transcript(chat).fromBot().getLast();
    assertThat(sent.attachment()).map(Attachment::name).contains("a.txt");
    assertThat(sent.text()).isEqualTo("yours");
    assertThat(platform.error(Method.SEND_DOCUMENT, "chat_id", chat.id()))
        .isEqualTo("Bad Request: there is no document in the request");
    assertThat(
            platform.error(
                Method.SEND_DOCUMENT,
                "chat_id",
                chat.id(),
                "document",
                id,
                "caption",
                "x".repeat(1025)))
        .isEqualTo("Bad Request: message caption is too long");
  }
}
