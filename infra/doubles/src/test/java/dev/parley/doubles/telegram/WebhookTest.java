package dev.parley.doubles.telegram;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WebhookTest {
  private final Platform platform = new Platform();
  private final Chat ada = platform.users.privateChat(platform.ada);
  private final User person = platform.users.person("Grace");
  private final Chat grace = platform.users.privateChat(person);

  private void set(Object... pairs) {
    Object[] all = new Object[pairs.length + 2];
    all[0] = "url";
    all[1] = "http://127.0.0.1:9/hook";
    System.arraycopy(pairs, 0, all, 2, pairs.length);
    platform.ok(Method.SET_WEBHOOK, all);
  }

  private List<Webhook.Delivery> due() {
    return platform.server.webhook().due(platform.server.updates().pending(), platform.now);
  }

  private void ended(Webhook.Delivery delivery, Optional<String> error) {
    if (platform.server.webhook().ended(delivery, error, platform.now)) {
      platform.server.updates().confirm(delivery.update());
    }
  }

  private static String text(Webhook.Delivery delivery) {
    return delivery.update().json().at("/message/text").asText();
  }

  @Test
  void the_updates_of_a_chat_go_one_after_the_other_and_chats_at_the_same_time() {
    set("secret_token", "s3cret");
    platform.users.says(platform.ada, ada, "a1");
    platform.users.says(platform.ada, ada, "a2");
    platform.users.says(person, grace, "g1");
    List<Webhook.Delivery> first = due();
    assertThat(first).extracting(WebhookTest::text).containsExactly("a1", "g1");
    assertThat(first.getFirst().secret()).contains("s3cret");
    assertThat(due()).isEmpty();
    ended(first.getFirst(), Optional.empty());
    assertThat(due()).extracting(WebhookTest::text).containsExactly("a2");
  }

  @Test
  void no_more_posts_at_the_same_time_than_the_bot_wants() {
    set("max_connections", 1);
    platform.users.says(platform.ada, ada, "a1");
    platform.users.says(person, grace, "g1");
    List<Webhook.Delivery> first = due();
    assertThat(first).extracting(WebhookTest::text).containsExactly("a1");
    ended(first.getFirst(), Optional.empty());
    assertThat(due()).extracting(WebhookTest::text).containsExactly("g1");
  }

  @Test
  void an_update_that_is_not_taken_is_posted_again_ever_later() {
    set();
    platform.users.says(platform.ada, ada, "a1");
    long wait = 1_000;
    for (int i = 0; i < 3; i++) {
      ended(due().getFirst(), Optional.of("Wrong response from the webhook: 500"));
      assertThat(platform.server.webhook().nextMs()).isEqualTo(platform.now + wait);
      platform.now += wait - 1;
      assertThat(due()).isEmpty();
      platform.now += 1;
      wait *= 2;
    }
    var info = platform.ok(Method.GET_WEBHOOK_INFO);
    assertThat(info.path("pending_update_count").asInt()).isEqualTo(1);
    assertThat(info.path("last_error_message").asText())
        .isEqualTo("Wrong response from the webhook: 500");
    ended(due().getFirst(), Optional.empty());
    assertThat(platform.ok(Method.GET_WEBHOOK_INFO).path("pending_update_count").asInt()).isZero();
    assertThat(platform.server.webhook().nextMs()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void a_repeated_update_goes_to_two_servers_at_the_same_time() {
    set();
    URI one = URI.create("http://127.0.0.1:1/");
    URI two = URI.create("http://127.0.0.1:2/");
    platform.server.webhook().route(WebhookRoute.balanced(one, two));
    platform.server.updates().repeat(1, 1);
    platform.users.says(platform.ada, ada, "a1");
    List<Webhook.Delivery> posts = due();
    assertThat(posts).extracting(Webhook.Delivery::url).containsExactly(one, two);
    ended(posts.get(0), Optional.empty());
    assertThat(platform.updates()).hasSize(1);
    ended(posts.get(1), Optional.of("Wrong response from the webhook: 500"));
    assertThat(platform.updates()).isEmpty();
  }

  @Test
  void a_balancer_takes_its_servers_in_turn() {
    set();
    URI one = URI.create("http://127.0.0.1:1/");
    URI two = URI.create("http://127.0.0.1:2/");
    platform.server.webhook().route(WebhookRoute.balanced(one, two));
    platform.users.says(platform.ada, ada, "a1");
    platform.users.says(person, grace, "g1");
    assertThat(due()).extracting(Webhook.Delivery::url).containsExactly(one, two);
  }

  @Test
  void a_webhook_set_anew_forgets_what_was_on_its_way() {
    set();
    platform.users.says(platform.ada, ada, "a1");
    Webhook.Delivery before = due().getFirst();
    set();
    assertThat(due()).hasSize(1);
    ended(before, Optional.empty());
    assertThat(platform.updates()).isEmpty();
  }

  @Test
  void the_address_is_https_except_on_this_machine() {
    assertThat(platform.error(Method.SET_WEBHOOK, "url", "http://example.com/"))
        .isEqualTo("Bad Request: bad webhook: An HTTPS URL must be provided for webhook");
    assertThat(platform.error(Method.SET_WEBHOOK, "url", "https://example.com:9000/"))
        .isEqualTo(
            "Bad Request: bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443");
    assertThat(platform.error(Method.SET_WEBHOOK, "url", "no address"))
        .isEqualTo("Bad Request: invalid webhook URL specified");
    platform.ok(Method.SET_WEBHOOK, "url", "https://example.com:8443/");
  }

  @Test
  void a_secret_is_up_to_256_of_certain_characters() {
    assertThat(
            platform.error(
                Method.SET_WEBHOOK, "url", "https://example.com/", "secret_token", "x y"))
        .isEqualTo("Bad Request: secret token contains unallowed characters");
    assertThat(
            platform.error(
                Method.SET_WEBHOOK, "url", "https://example.com/", "secret_token", "x".repeat(257)))
        .isEqualTo("Bad Request: secret token is too long");
  }
}
