package dev.parley.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.gateway.dispatch.testing.FakePromptSink;
import dev.parley.shared.testing.FakePromptQueue;
import dev.parley.shared.testing.ShareQueueModel;
import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.wire.ChatMessage;
import dev.parley.shared.wire.Lane;
import dev.parley.shared.wire.Prompt;
import dev.parley.shared.wire.ReplyAddress;
import dev.parley.shared.wire.Sampling;
import dev.parley.shared.wire.TurnRequest;
import dev.parley.shared.wire.Wire;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GivenUpPromptsTest {
  private static final String TOO_OFTEN =
      "Offset delivery count exceeded the threshold. (deliveries: 10)";
  private static final TurnRef TURN = new TurnRef("web:local:c", "t");

  private final FakePromptQueue queue =
      new FakePromptQueue(new ShareQueueModel.Limits(15_000, 10, 100), 10);
  private final FakePromptSink sink = new FakePromptSink(queue, 100_000);
  private final List<String> ended = new ArrayList<>();
  private final GivenUpPrompts prompts =
      new GivenUpPrompts(sink, (turn, reason) -> ended.add(turn + ": " + reason));

  @Test
  void a_prompt_that_was_delivered_too_often_goes_into_its_lane_again() {
    prompts.deadLettered(TURN, prompt(Lane.BATCH), TOO_OFTEN);

    assertThat(queued(Lane.BATCH)).containsExactly(TURN.toString());
    assertThat(queued(Lane.INTERACTIVE)).isEmpty();
    assertThat(ended).isEmpty();
  }

  @Test
  void a_prompt_that_a_worker_refused_ends_its_turn() {
    prompts.deadLettered(TURN, prompt(Lane.INTERACTIVE), "Offset rejected by client.");

    assertThat(ended).containsExactly(TURN + ": Offset rejected by client.");
    assertThat(queued(Lane.INTERACTIVE)).isEmpty();
  }

  @Test
  void what_is_no_prompt_ends_its_turn_whatever_the_reason() {
    prompts.deadLettered(TURN, "{".getBytes(UTF_8), TOO_OFTEN);

    assertThat(ended).hasSize(1);
  }

  @Test
  void a_prompt_that_the_queue_does_not_answer_for_comes_again() {
    sink.setMood(FakePromptSink.Mood.LOST);

    assertThatThrownBy(() -> prompts.deadLettered(TURN, prompt(Lane.INTERACTIVE), TOO_OFTEN))
        .isInstanceOf(IllegalStateException.class);
    assertThat(ended).isEmpty();
  }

  private List<String> queued(Lane lane) {
    try {
      return queue
          .poll(lane, "worker", Duration.ZERO, () -> false)
          .map(delivery -> List.of(delivery.key()))
          .orElse(List.of());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] prompt(Lane lane) {
    TurnRequest request =
        new TurnRequest(
            "local",
            "local",
            lane,
            new ReplyAddress(ReplyAddress.HTTP, ""),
            List.of(ChatMessage.user("hello")),
            false,
            Sampling.greedy(10));
    return Wire.encodePrompt(
        new Prompt(
            Prompt.SCHEMA, TURN, request, request.messages(), "gw", 1, 2, 3, "", "", "", Map.of()));
  }
}
