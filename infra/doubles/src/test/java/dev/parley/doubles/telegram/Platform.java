package dev.parley.doubles.telegram;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A platform without sockets, at a made-up time.
final class Platform {
  long now = 1_760_000_000_000L;
  final TelegramServer server;
  final TelegramUsers users;
  final User ada;

  Platform() {
    this(FloodRules.none());
  }

  Platform(FloodRules rules) {
    User bot = new User(99, true, "Parley", Optional.of("parley_bot"), Optional.empty());
    server = new TelegramServer(bot, rules);
    users = new TelegramUsers(new Monitor(() -> now), server);
    ada = users.person("Ada");
  }

  /// Ada's private chat, in which she has pressed Start.
  Chat begun() {
    Chat chat = users.privateChat(ada);
    users.says(ada, chat, "/start");
    return chat;
  }

  /// @param pairs names and values
  Reply reply(Method method, Object... pairs) {
    Map<String, JsonNode> values = new HashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      values.put((String) pairs[i], ApiJson.MAPPER.valueToTree(pairs[i + 1]));
    }
    return server.handle(new ApiCall(method, new Args(values, Map.of())), now);
  }

  Answer answer(Method method, Object... pairs) {
    return ((Reply.Json) reply(method, pairs)).answer();
  }

  JsonNode ok(Method method, Object... pairs) {
    Answer answer = answer(method, pairs);
    assertThat(answer).isInstanceOf(Answer.Done.class);
    return ((Answer.Done) answer).result();
  }

  Answer.Failed failed(Method method, Object... pairs) {
    Answer answer = answer(method, pairs);
    assertThat(answer).isInstanceOf(Answer.Failed.class);
    return (Answer.Failed) answer;
  }

  String error(Method method, Object... pairs) {
    return failed(method, pairs).description();
  }

  /// Sends a text and finds it in the transcript.
  Message sent(Chat chat, String text) {
    return sent(chat, "text", text);
  }

  Message sent(Chat chat, Object... pairs) {
    Object[] all = new Object[pairs.length + 2];
    all[0] = "chat_id";
    all[1] = chat.id();
    System.arraycopy(pairs, 0, all, 2, pairs.length);
    int id = ok(Method.SEND_MESSAGE, all).path("message_id").asInt();
    return transcript(chat).message(id).orElseThrow();
  }

  Transcript transcript(Chat chat) {
    return server.world().require(chat).transcript();
  }

  /// The unconfirmed updates.
  List<JsonNode> updates() {
    return server.updates().pending().stream().<JsonNode>map(Update::json).toList();
  }

  JsonNode lastUpdate() {
    return updates().getLast();
  }

  static Object entity(String type, int offset, int length) {
    return Map.of("type", type, "offset", offset, "length", length);
  }

  static Object keyboard(String text, String data) {
    return Map.of("inline_keyboard", List.of(List.of(Map.of("text", text, "callback_data", data))));
  }
}
