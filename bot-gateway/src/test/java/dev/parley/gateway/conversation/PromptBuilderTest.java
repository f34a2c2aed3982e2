package dev.parley.gateway.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.wire.ChatMessage;
import dev.parley.shared.wire.EndReason;
import dev.parley.shared.wire.Lane;
import dev.parley.shared.wire.Prompt;
import dev.parley.shared.wire.ReplyAddress;
import dev.parley.shared.wire.Sampling;
import dev.parley.shared.wire.TurnRequest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PromptBuilderTest {
  private static final TurnRef REF = new TurnRef("web:room", "turn");

  private static final PromptBuilder BUILDER =
      new PromptBuilder("Be brief.", new HistoryLimits(1_000, 100, 3_600_000));

  private static TurnRequest request(String platform, ChatMessage... messages) {
    return new TurnRequest(
        "tenant",
        "user",
        Lane.INTERACTIVE,
        new ReplyAddress(platform, ""),
        List.of(messages),
        true,
        Sampling.greedy(10));
  }

  private static Prompt build(TurnRequest request, List<PastExchange> history) {
    return BUILDER.build(REF, request, history, new PromptBuilder.Times("gateway", 1, 2, 3));
  }

  private static PastExchange past(int number, int tokens) {
    return new PastExchange(
        "t" + number,
        List.of(ChatMessage.user("question " + number)),
        "answer " + number,
        List.of(),
        "",
        tokens,
        EndReason.STOP);
  }

  @Test
  void the_system_prompt_and_what_was_said_before_come_first() {
    Prompt prompt = build(request(ReplyAddress.WEB, ChatMessage.user("now")), List.of(past(1, 10)));

    assertThat(prompt.messages())
        .extracting(ChatMessage::content)
        .containsExactly("Be brief.", "question 1", "answer 1", "now");
  }

  @Test
  void a_request_with_a_system_prompt_of_its_own_gets_no_other() {
    Prompt prompt =
        build(
            request(ReplyAddress.HTTP, ChatMessage.system("Rhyme."), ChatMessage.user("now")),
            List.of());

    assertThat(prompt.messages()).extracting(ChatMessage::content).containsExactly("Rhyme.", "now");
  }

  @Test
  void instructions_come_before_what_was_said_and_those_of_earlier_messages_are_over() {
    PastExchange past =
        new PastExchange(
            "t1",
            List.of(ChatMessage.system("Translate."), ChatMessage.user("before")),
            "vorher",
            List.of(),
            "",
            10,
            EndReason.STOP);

    Prompt prompt =
        build(
            request(ReplyAddress.WEB, ChatMessage.system("Rhyme."), ChatMessage.user("now")),
            List.of(past));

    assertThat(prompt.messages())
        .extracting(ChatMessage::content)
        .containsExactly("Rhyme.", "before", "vorher", "now");
  }

  @Test
  void the_oldest_go_when_the_history_is_too_long() {
    List<PastExchange> history = new ArrayList<>();
    for (int i = 0; i < 11; i++) {
      history.add(past(i, 100));
    }

    assertThat(BUILDER.remembered(history)).isEqualTo(history.subList(5, 11));
  }

  @Test
  void only_a_conversation_finds_its_own_beginnings_computed() {
    Prompt prompt = build(request(ReplyAddress.WEB, ChatMessage.user("now")), List.of());

    assertThat(prompt.cacheScope()).isEqualTo("tenant/web:room");
  }

  @Test
  void all_requests_of_an_api_key_find_its_beginnings_computed() {
    Prompt prompt = build(request(ReplyAddress.HTTP, ChatMessage.user("now")), List.of());

    assertThat(prompt.cacheScope()).isEqualTo("tenant");
  }
}
