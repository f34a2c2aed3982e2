package dev.parley.doubles.telegram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FaultsTest {
  private final Platform platform = new Platform();
  private final Faults faults = platform.server.faults();
  private final Chat chat = platform.begun();

  private Reply send() {
    return send(chat);
  }

  private Reply send(Chat to) {
    return platform.reply(Method.SEND_MESSAGE, "chat_id", to.id(), "text", "x");
  }

  private int sent() {
    return platform.transcript(chat).fromBot().size();
  }

  @Test
  void a_lost_call_is_carried_out_or_not_as_ordered() {
    faults.next(
        Method.SEND_MESSAGE,
        Fault.resetBeforeCommit(),
        Fault.resetAfterCommit(),
        Fault.silenceBeforeCommit(),
        Fault.silenceAfterCommit());
    assertThat(send()).isEqualTo(new Reply.Reset());
    assertThat(sent()).isZero();
    assertThat(send()).isEqualTo(new Reply.Reset());
    assertThat(sent()).isEqualTo(1);
    assertThat(send()).isEqualTo(new Reply.Silence());
    assertThat(sent()).isEqualTo(1);
    assertThat(send()).isEqualTo(new Reply.Silence());
    assertThat(sent()).isEqualTo(2);
    assertThat(send()).isInstanceOf(Reply.Json.class);
    assertThat(faults.waiting()).isZero();
  }

  @Test
  void the_log_knows_what_was_done_and_what_went_wrong() {
    faults.next(
        Method.SEND_MESSAGE,
        Fault.resetBeforeCommit(),
        Fault.resetAfterCommit(),
        Fault.serverError(502));
    send();
    send();
    send();
    send();
    List<Call> calls = platform.server.log().calls();
    assertThat(calls).extracting(Call::code).containsExactly(0, 200, 502, 200);
    assertThat(calls.get(1).fault()).contains(Fault.resetAfterCommit());
    assertThat(calls.get(3).fault()).isEmpty();
    assertThat(platform.server.log().count(Method.SEND_MESSAGE)).isEqualTo(4);
  }

  @Test
  void a_server_error_is_no_json_and_does_nothing() {
    faults.next(Method.SEND_MESSAGE, Fault.serverError(502));
    assertThat(send())
        .isInstanceOfSatisfying(
            Reply.Raw.class,
            raw -> {
              assertThat(raw.status()).isEqualTo(502);
              assertThat(raw.body()).startsWith("<html>");
            });
    assertThat(sent()).isZero();
  }

  @Test
  void a_slow_answer_is_one_to_a_call_that_was_carried_out() {
    faults.next(Method.SEND_MESSAGE, Fault.slow(Duration.ofSeconds(7)));
    assertThat(send())
        .isInstanceOfSatisfying(
            Reply.Json.class, json -> assertThat(json.delay()).isEqualTo(Duration.ofSeconds(7)));
    assertThat(sent()).isEqualTo(1);
  }

  @Test
  void a_fault_can_be_for_one_chat_and_for_ever() {
    Chat group = platform.users.group("Team", platform.ada);
    faults.always(Method.SEND_MESSAGE, group, Fault.serverError(500));
    assertThat(send()).isInstanceOf(Reply.Json.class);
    assertThat(send(group)).isInstanceOf(Reply.Raw.class);
    assertThat(send(group)).isInstanceOf(Reply.Raw.class);
    faults.clear();
    assertThat(send(group)).isInstanceOf(Reply.Json.class);
    faults.next(Method.SEND_MESSAGE, group, Fault.serverError(500));
    assertThat(send()).isInstanceOf(Reply.Json.class);
    assertThat(send(group)).isInstanceOf(Reply.Raw.class);
  }

  @Test
  void the_same_seed_gives_the_same_faults() {
    assertThat(pattern(5)).isEqualTo(pattern(5)).isNotEqualTo(pattern(6));
    assertThat(pattern(5)).contains(true, false);
    assertThatThrownBy(() -> faults.share(Method.SEND_MESSAGE, 1.5, 1, Fault.serverError(500)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private List<Boolean> pattern(long seed) {
    faults.clear();
    faults.share(Method.SEND_MESSAGE, 0.3, seed, Fault.serverError(500));
    return IntStream.range(0, 50).mapToObj(i -> send() instanceof Reply.Raw).toList();
  }
}
