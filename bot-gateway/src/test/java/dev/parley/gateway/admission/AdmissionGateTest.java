package dev.parley.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.gateway.chat.Submission.Refusal;
import dev.parley.gateway.chat.Submission.Refused;
import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.wire.ChatMessage;
import dev.parley.shared.wire.Lane;
import dev.parley.shared.wire.ReplyAddress;
import dev.parley.shared.wire.Sampling;
import dev.parley.shared.wire.TurnRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AdmissionGateTest {

  private final AdmissionGate gate =
      new AdmissionGate(new AdmissionLimits(1, 2, 3, Duration.ofSeconds(9)));

  private Optional<Refused> enter(String id, String platform, String user) {
    return gate.enter(List.of(new TurnRef("c", id)), request(platform, user));
  }

  private static TurnRequest request(String platform, String user) {
    return new TurnRequest(
        "tenant",
        user,
        Lane.INTERACTIVE,
        new ReplyAddress(platform, ""),
        List.of(ChatMessage.user("hello")),
        false,
        Sampling.greedy(1));
  }

  @Test
  void a_chat_user_is_counted_alone() {
    assertThat(enter("1", ReplyAddress.WEB, "ann")).isEmpty();
    assertThat(enter("2", ReplyAddress.WEB, "ann").orElseThrow().reason())
        .isEqualTo(Refusal.TOO_MANY);
    assertThat(enter("3", ReplyAddress.WEB, "bob")).isEmpty();
  }

  @Test
  void all_users_of_an_api_key_are_counted_together() {
    assertThat(enter("1", ReplyAddress.HTTP, "ann")).isEmpty();
    assertThat(enter("2", ReplyAddress.HTTP, "bob")).isEmpty();
    Refused refused = enter("3", ReplyAddress.HTTP, "eve").orElseThrow();
    assertThat(refused.reason()).isEqualTo(Refusal.TOO_MANY);
    assertThat(refused.retryAfter()).isEqualTo(Duration.ofSeconds(9));
  }

  @Test
  void turns_that_come_together_enter_all_or_none() {
    List<TurnRef> pair = List.of(new TurnRef("c", "2"), new TurnRef("d", "2"));
    assertThat(enter("1", ReplyAddress.HTTP, "ann")).isEmpty();
    assertThat(gate.enter(pair, request(ReplyAddress.HTTP, "ann"))).isPresent();
    assertThat(gate.size()).isOne();
    gate.leave(new TurnRef("c", "1"));
    assertThat(gate.enter(pair, request(ReplyAddress.HTTP, "ann"))).isEmpty();
    assertThat(gate.enter(pair, request(ReplyAddress.HTTP, "ann"))).isEmpty();
    assertThat(gate.size()).isEqualTo(2);
  }

  @Test
  void a_turn_is_counted_once_and_makes_room_when_it_leaves() {
    assertThat(enter("1", ReplyAddress.WEB, "ann")).isEmpty();
    assertThat(enter("1", ReplyAddress.WEB, "ann")).isEmpty();
    gate.leave(new TurnRef("c", "1"));
    gate.leave(new TurnRef("c", "1"));
    assertThat(gate.size()).isZero();
    assertThat(enter("2", ReplyAddress.WEB, "ann")).isEmpty();
  }

  @Test
  void the_gateway_as_a_whole_has_a_bound() {
    assertThat(enter("1", ReplyAddress.WEB, "ann")).isEmpty();
    assertThat(enter("2", ReplyAddress.WEB, "bob")).isEmpty();
    assertThat(enter("3", ReplyAddress.WEB, "eve")).isEmpty();
    assertThat(enter("4", ReplyAddress.WEB, "joe").orElseThrow().reason())
        .isEqualTo(Refusal.UNAVAILABLE);
  }
}
