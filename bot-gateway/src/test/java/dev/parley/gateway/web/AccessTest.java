package dev.parley.gateway.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.shared.wire.Sampling;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class AccessTest extends WebTest {

  private void restartWithKeys() {
    server.close();
    server = start(settings(ApiKeys.of(List.of("alpha", "beta")), limits()));
  }

  private HttpResponse<String> models(String... headers) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri("/v1/models"));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void with_keys_only_their_holders_may_ask() throws Exception {
    restartWithKeys();
    assertThat(models().statusCode()).isEqualTo(401);
    assertThat(json(models().body()).at("/error/code").asText()).isEqualTo("invalid_api_key");
    assertThat(models("Authorization", "Bearer gamma").statusCode()).isEqualTo(401);
    assertThat(models("Authorization", "alpha").statusCode()).isEqualTo(401);
    assertThat(models("Authorization", "Bearer alpha").statusCode()).isEqualTo(200);
    assertThat(models("Authorization", "bearer beta").statusCode()).isEqualTo(200);
    assertThat(get("/api/conversations/conversation-000001").statusCode()).isEqualTo(401);
    assertThat(post("/v1/chat/completions", "{").statusCode()).isEqualTo(401);
    assertThat(get("/").statusCode()).isEqualTo(200);
  }

  @Test
  void two_keys_are_two_tenants_who_do_not_see_each_other() throws Exception {
    restartWithKeys();
    String body =
        "{\"id\":\"message-0000000000000001\",\"conversation\":\"conversation-000001\","
            + "\"text\":\"mine\"}";
    for (String key : List.of("alpha", "beta")) {
      HttpRequest request =
          posting("/api/turns", body).header("Authorization", "Bearer " + key).build();
      assertThat(http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
          .isEqualTo(202);
    }
    assertThat(turns.messages()).hasSize(2);
    assertThat(message(0).request().tenant()).isNotEqualTo(message(1).request().tenant());
    assertThat(message(0).request().tenant()).doesNotContain("alpha");
  }

  @Test
  void pages_of_other_sites_may_not_use_a_server_without_keys() throws Exception {
    assertThat(models("Origin", "https://evil.example").statusCode()).isEqualTo(403);
    assertThat(models("Origin", "null").statusCode()).isEqualTo(403);
    assertThat(models("Origin", "http://127.0.0.1:" + server.port()).statusCode()).isEqualTo(200);
  }

  @Test
  void a_name_that_was_rebound_to_this_machine_is_refused() throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket
          .getOutputStream()
          .write(
              "GET /v1/models HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
      byte[] start = socket.getInputStream().readNBytes("HTTP/1.1 403".length());
      assertThat(new String(start, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 403");
    }
  }

  @Test
  void other_machines_are_let_in_only_with_keys() {
    assertThatThrownBy(
            () -> new WebSettings("0.0.0.0", 0, ApiKeys.none(), Sampling.greedy(1), limits()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("PARLEY_API_KEYS");
    assertThat(
            new WebSettings("0.0.0.0", 0, ApiKeys.of(List.of("k")), Sampling.greedy(1), limits())
                .toString())
        .contains("ApiKeys[1]");
  }

  @Test
  void a_taken_port_is_told_in_one_line() {
    assertThatThrownBy(() ->
            start(
                new WebSettings(
                    "127.0.0.1", server.port(), ApiKeys.none(), Sampling.greedy(1), limits())))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("port " + server.port());
  }

  @Test
  void the_page_allows_nothing_but_itself() throws Exception {
    HttpResponse<String> page = get("/");
    assertThat(page.body()).contains("<title>Parley</title>").doesNotContain("<script>");
    String policy = page.headers().firstValue("content-security-policy").orElse("");
    assertThat(policy).contains("default-src 'none'").doesNotContain("unsafe");
    assertThat(page.headers().firstValue("x-content-type-options")).contains("nosniff");
    for (String path : List.of("/app.js", "/client.js", "/markdown.js", "/app.css", "/icon.svg")) {
      HttpResponse<String> asset = get(path);
      assertThat(asset.statusCode()).isEqualTo(200);
      assertThat(asset.body()).doesNotContain("innerHTML").doesNotContain("eval(");
    }
    String tag = page.headers().firstValue("etag").orElseThrow();
    HttpRequest again = HttpRequest.newBuilder(uri("/")).header("If-None-Match", tag).build();
    assertThat(http.send(again, HttpResponse.BodyHandlers.ofString()).statusCode()).isEqualTo(304);
  }
}
