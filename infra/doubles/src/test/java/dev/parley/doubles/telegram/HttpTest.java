package dev.parley.doubles.telegram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HttpTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final TelegramDouble telegram = TelegramDouble.start();
  private final HttpClient http = HttpClient.newHttpClient();
  private final User ada = telegram.users().person("Ada");
  private final Chat chat = telegram.users().privateChat(ada);

  @AfterEach
  void close() {
    http.close();
    telegram.close();
  }

  private HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create(telegram.url() + path)).timeout(LIMIT);
  }

  private HttpRequest.Builder api(String method) {
    return to("/bot" + telegram.token() + "/" + method);
  }

  private HttpResponse<String> get(HttpRequest.Builder request) throws Exception {
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> post(HttpRequest.Builder request, String type, String body)
      throws Exception {
    return get(
        request.header("Content-Type", type).POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  private static JsonNode json(HttpResponse<String> response) throws IOException {
    return ApiJson.MAPPER.readTree(response.body());
  }

  @Test
  void a_wrong_token_and_an_unknown_method_are_refused() throws Exception {
    HttpResponse<String> wrong = get(to("/bot1:x/getMe"));
    assertThat(wrong.statusCode()).isEqualTo(401);
    assertThat(wrong.body())
        .isEqualTo("{\"ok\":false,\"error_code\":401,\"description\":\"Unauthorized\"}");
    HttpResponse<String> unknown = get(api("getNothing"));
    assertThat(unknown.statusCode()).isEqualTo(404);
    assertThat(unknown.body())
        .isEqualTo("{\"ok\":false,\"error_code\":404,\"description\":\"Not Found\"}");
  }

  @Test
  void the_name_of_a_method_is_taken_in_any_case() throws Exception {
    assertThat(json(get(api("GETme"))).at("/result/is_bot").asBoolean()).isTrue();
  }

  @Test
  void arguments_come_in_the_query_a_form_or_json() throws Exception {
    telegram.users().says(ada, chat, "/start");
    get(api("sendMessage?chat_id=" + chat.id() + "&text=in%20the+query"));
    String keyboard = "{\"inline_keyboard\":[[{\"text\":\"Go\",\"callback_data\":\"go\"}]]}";
    post(
        api("sendMessage"),
        "application/x-www-form-urlencoded",
        "chat_id="
            + chat.id()
            + "&text=in+a+form&reply_markup="
            + URLEncoder.encode(keyboard, StandardCharsets.UTF_8));
    post(
        api("sendMessage"),
        "application/json; charset=utf-8",
        "{\"chat_id\":" + chat.id() + ",\"text\":\"in JSON\",\"reply_markup\":" + keyboard + "}");
    assertThat(telegram.transcript(chat).fromBot())
        .extracting(Message::text)
        .containsExactly("in the query", "in a form", "in JSON");
    assertThat(telegram.transcript(chat).fromBot())
        .extracting(m -> m.button("Go").isPresent())
        .containsExactly(false, true, true);
    assertThat(json(post(api("sendMessage"), "application/json", "[")).path("description").asText())
        .isEqualTo("Bad Request: can't parse JSON object");
  }

  @Test
  void a_poll_that_waits_gets_what_is_said_meanwhile() throws Exception {
    var poll =
        http.sendAsync(api("getUpdates?timeout=15").build(), HttpResponse.BodyHandlers.ofString());
    telegram.awaitCalls(calls -> !calls.isEmpty(), LIMIT);
    telegram.users().says(ada, chat, "hello");
    assertThat(json(poll.get()).at("/result/0/message/text").asText()).isEqualTo("hello");
  }

  @Test
  void a_reset_is_a_connection_that_closes_without_an_answer() {
    telegram.faults().always(Method.GET_ME, Fault.resetAfterCommit());
    assertThatThrownBy(() -> get(api("getMe"))).isInstanceOf(IOException.class);
  }

  @Test
  void the_pages_show_a_chat_and_let_one_write_and_press() throws Exception {
    telegram.users().says(ada, chat, "/start");
    assertThat(get(to("/")).body()).contains("Ada").contains("/chat/" + chat.id());
    get(
        api(
            "sendMessage?chat_id="
                + chat.id()
                + "&text=%3Cscript%3E&reply_markup="
                + URLEncoder.encode(
                    "{\"inline_keyboard\":[[{\"text\":\"Go\",\"callback_data\":\"go\"}]]}",
                    StandardCharsets.UTF_8)));
    String page = get(to("/chat/" + chat.id())).body();
    assertThat(page).contains("&lt;script&gt;").contains(">Go</button>");
    String form = "application/x-www-form-urlencoded";
    post(to("/chat/" + chat.id() + "/say"), form, "user=" + ada.id() + "&text=hello");
    assertThat(telegram.transcript(chat).messages().getLast().text()).isEqualTo("hello");
    int id = telegram.transcript(chat).fromBot().getFirst().id();
    post(
        to("/chat/" + chat.id() + "/press"),
        form,
        "user=" + ada.id() + "&message=" + id + "&button=0");
    assertThat(telegram.transcript(chat).presses())
        .extracting(press -> press.button().text())
        .containsExactly("Go");
    get(api("sendMessageDraft?chat_id=" + chat.id() + "&draft_id=3&text=Wait&can_stop=true"));
    assertThat(get(to("/chat/" + chat.id())).body()).contains("Wait").contains("data-stop");
    post(to("/chat/" + chat.id() + "/stop"), form, "");
    assertThat(telegram.transcript(chat).openDraft()).isEmpty();
    HttpResponse<String> messages = get(to("/chat/" + chat.id() + "/messages?after=0"));
    assertThat(messages.body()).contains("hello");
    assertThat(messages.headers().firstValue("X-Revision")).isPresent();
    assertThat(get(to("/view.css")).statusCode()).isEqualTo(200);
    assertThat(get(to("/view.js")).statusCode()).isEqualTo(200);
    assertThat(get(to("/chat/5")).statusCode()).isEqualTo(404);
  }

  @Test
  void waiting_for_a_chat_ends_with_what_it_looks_like() {
    telegram.users().says(ada, chat, "hello");
    assertThatThrownBy(() -> telegram.await(chat, t -> false, Duration.ofMillis(1)))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("Ada: hello");
  }
}
