package dev.parley.doubles.telegram;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;

class UpdatesTest {
  private final Platform platform = new Platform();
  private final Chat chat = platform.users.privateChat(platform.ada);

  private void says(String text) {
    platform.users.says(platform.ada, chat, text);
  }

  private List<String> texts(Object... pairs) {
    return texts(platform.ok(Method.GET_UPDATES, pairs));
  }

  private static List<String> texts(JsonNode updates) {
    return updates.valueStream().map(u -> u.at("/message/text").asText()).toList();
  }

  private static List<String> texts(Poll poll) {
    return texts(((Answer.Done) poll.answer().orElseThrow()).result());
  }

  private Poll waiting(Object... pairs) {
    return ((Reply.Waiting) platform.reply(Method.GET_UPDATES, pairs)).poll();
  }

  private int id(int index) {
    return platform.updates().get(index).path("update_id").asInt();
  }

  @Test
  void updates_come_again_until_a_higher_offset_confirms_them_for_good() {
    says("one");
    says("two");
    assertThat(texts()).containsExactly("one", "two");
    assertThat(texts()).containsExactly("one", "two");
    int second = id(1);
    assertThat(texts("offset", second)).containsExactly("two");
    assertThat(texts("offset", 0)).containsExactly("two");
    assertThat(texts("offset", second + 1)).isEmpty();
    assertThat(platform.updates()).isEmpty();
  }

  @Test
  void a_limit_is_kept() {
    says("one");
    says("two");
    assertThat(texts("limit", 1)).containsExactly("one");
    assertThat(texts("limit", 4711)).hasSize(2);
  }

  @Test
  void a_negative_offset_keeps_the_last_ones_and_forgets_the_others() {
    says("one");
    says("two");
    says("three");
    assertThat(texts("offset", -2)).containsExactly("two", "three");
    assertThat(platform.updates()).hasSize(2);
  }

  @Test
  void a_poll_waits_and_is_answered_by_the_next_update() {
    Poll poll = waiting("timeout", 50);
    assertThat(poll.answer()).isEmpty();
    says("one");
    assertThat(texts(poll)).containsExactly("one");
  }

  @Test
  void a_poll_whose_time_is_over_says_that_there_is_nothing() {
    Poll poll = waiting("timeout", 1);
    assertThat(((Answer.Done) platform.server.end(poll)).result()).isEmpty();
    says("one");
    assertThat(texts()).containsExactly("one");
  }

  @Test
  void of_two_polls_the_older_ends_with_a_conflict() {
    Poll older = waiting("timeout", 50);
    Poll newer = waiting("timeout", 50);
    assertThat(older.answer().orElseThrow())
        .isEqualTo(
            Answer.failed(
                409,
                "Conflict: terminated by other getUpdates request; make sure that only one bot"
                    + " instance is running"));
    says("one");
    assertThat(texts(newer)).containsExactly("one");
  }

  @Test
  void no_poll_while_a_webhook_is_set() {
    Poll waits = waiting("timeout", 50);
    platform.ok(Method.SET_WEBHOOK, "url", "http://127.0.0.1:1/hook");
    assertThat(waits.answer().orElseThrow())
        .isEqualTo(Answer.failed(409, "Conflict: terminated by setWebhook request"));
    assertThat(platform.error(Method.GET_UPDATES))
        .isEqualTo(
            "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to"
                + " delete the webhook first");
    platform.ok(Method.DELETE_WEBHOOK);
    assertThat(texts()).isEmpty();
  }

  @Test
  void only_the_kinds_that_the_bot_wants_come_and_the_wish_stays() {
    assertThat(texts("allowed_updates", List.of("callback_query"))).isEmpty();
    says("one");
    assertThat(texts()).isEmpty();
    assertThat(texts("allowed_updates", List.of())).isEmpty();
    says("two");
    assertThat(texts()).containsExactly("two");
  }

  @Test
  void dropping_forgets_what_is_pending() {
    says("one");
    platform.ok(Method.DELETE_WEBHOOK, "drop_pending_updates", true);
    assertThat(texts()).isEmpty();
  }

  @Test
  void a_repeated_update_comes_once_more_though_it_was_confirmed() {
    platform.server.updates().repeat(1, 7);
    says("one");
    int first = id(0);
    assertThat(texts()).containsExactly("one");
    assertThat(texts("offset", first + 1)).containsExactly("one");
    assertThat(texts("offset", first + 1)).isEmpty();
  }

  @Test
  void a_poll_that_is_lost_loses_no_update() {
    platform.server.faults().next(Method.GET_UPDATES, Fault.resetAfterCommit());
    says("one");
    assertThat(platform.reply(Method.GET_UPDATES, "timeout", 50)).isEqualTo(new Reply.Reset());
    assertThat(texts()).containsExactly("one");
  }
}
