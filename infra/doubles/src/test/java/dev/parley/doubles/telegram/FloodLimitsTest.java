package dev.parley.doubles.telegram;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FloodLimitsTest {
  private final Platform platform = new Platform(FloodRules.telegram());
  private final Chat chat = platform.begun();

  private Answer send(Chat to) {
    return platform.answer(Method.SEND_MESSAGE, "chat_id", to.id(), "text", "x");
  }

  private void goesWell(Chat to) {
    assertThat(send(to).code()).isEqualTo(200);
  }

  private void mustWait(Chat to, int seconds) {
    Answer.Failed failed = (Answer.Failed) send(to);
    assertThat(failed.code()).isEqualTo(429);
    assertThat(failed.retryAfterS()).hasValue(seconds);
    assertThat(failed.description()).isEqualTo("Too Many Requests: retry after " + seconds);
  }

  @Test
  void a_private_chat_takes_three_at_once_and_then_one_a_second() {
    for (int i = 0; i < 3; i++) {
      goesWell(chat);
    }
    platform.now += 1_000;
    goesWell(chat);
    platform.now += 999;
    mustWait(chat, 1);
    assertThat(platform.transcript(chat).fromBot()).hasSize(4);
    assertThat(platform.server.limits().violations())
        .containsExactly(
            new Violation(
                platform.now, Method.SEND_MESSAGE, chat.id(), Violation.Kind.PRIVATE_CHAT, 1));
  }

  @Test
  void a_call_before_its_time_is_another_violation_and_makes_the_wait_no_longer() {
    for (int i = 0; i < 3; i++) {
      goesWell(chat);
    }
    mustWait(chat, 1);
    platform.now += 999;
    mustWait(chat, 1);
    platform.now += 1;
    goesWell(chat);
    assertThat(platform.server.limits().violations())
        .extracting(Violation::kind)
        .containsExactly(Violation.Kind.PRIVATE_CHAT, Violation.Kind.BEFORE_ITS_TIME);
  }

  @Test
  void a_group_takes_twenty_in_any_minute() {
    Chat group = platform.users.group("Team", platform.ada);
    for (int i = 0; i < 20; i++) {
      goesWell(group);
      platform.now += 1_000;
    }
    mustWait(group, 40);
    platform.now += 40_000;
    goesWell(group);
    mustWait(group, 1);
  }

  @Test
  void the_whole_bot_makes_thirty_in_any_second() {
    for (int i = 0; i < 30; i++) {
      User user = platform.users.person("U" + i);
      Chat one = platform.users.privateChat(user);
      platform.users.says(user, one, "hi");
      goesWell(one);
    }
    mustWait(chat, 1);
    platform.now += 1_000;
    goesWell(chat);
    assertThat(platform.server.limits().violations())
        .extracting(Violation::kind)
        .containsExactly(Violation.Kind.WHOLE_BOT);
  }

  @Test
  void edits_deletions_and_documents_count_and_signs_do_not() {
    Message sent = platform.sent(chat, "x");
    for (int i = 0; i < 10; i++) {
      platform.ok(Method.SEND_CHAT_ACTION, "chat_id", chat.id(), "action", "typing");
    }
    platform.ok(
        Method.EDIT_MESSAGE_TEXT, "chat_id", chat.id(), "message_id", sent.id(), "text", "y");
    platform.ok(Method.DELETE_MESSAGE, "chat_id", chat.id(), "message_id", sent.id());
    mustWait(chat, 1);
  }

  @Test
  void drafts_count_like_messages() {
    for (int i = 1; i <= 2; i++) {
      platform.ok(Method.SEND_MESSAGE_DRAFT, "chat_id", chat.id(), "draft_id", 7, "text", "v" + i);
    }
    goesWell(chat);
    assertThat(
            platform
                .failed(
                    Method.SEND_MESSAGE_DRAFT, "chat_id", chat.id(), "draft_id", 7, "text", "v4")
                .code())
        .isEqualTo(429);
    assertThat(platform.server.limits().violations())
        .extracting(Violation::kind)
        .containsExactly(Violation.Kind.PRIVATE_CHAT);
  }

  @Test
  void the_wait_of_an_ordered_429_counts_too() {
    platform.server.faults().next(Method.SEND_MESSAGE, Fault.tooManyRequests(5));
    mustWait(chat, 5);
    platform.now += 4_000;
    mustWait(chat, 1);
    platform.now += 1_000;
    goesWell(chat);
    assertThat(platform.server.limits().violations())
        .extracting(Violation::kind)
        .containsExactly(Violation.Kind.BEFORE_ITS_TIME);
  }

  @Test
  void the_answer_says_the_time_to_wait_as_a_parameter() {
    platform.server.faults().next(Method.SEND_MESSAGE, Fault.tooManyRequests(5));
    assertThat(send(chat).json().toString())
        .isEqualTo(
            "{\"ok\":false,\"error_code\":429,\"description\":\"Too Many Requests: retry after 5\","
                + "\"parameters\":{\"retry_after\":5}}");
  }
}
