package dev.parley.gateway.telegram;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class GuestsTest {
  private static final long ANN = 7;
  private static final long TEAM = -100;

  @Test
  void everybody_may_use_a_bot_that_names_nobody() {
    assertThat(Guests.of(List.of(), List.of(), List.of()).mayUse(ANN, null, ANN)).isTrue();
  }

  @Test
  void if_some_are_named_only_they_and_everybody_in_their_chats_may() {
    Guests guests = Guests.of(List.of("@Ann", "-100"), List.of(), List.of());

    assertThat(guests.mayUse(ANN, "ann", ANN)).isTrue();
    assertThat(guests.mayUse(8, "bob", TEAM)).isTrue();
    assertThat(guests.mayUse(8, "bob", 8)).isFalse();
    assertThat(guests.mayUse(8, null, -200)).isFalse();
  }

  @Test
  void who_is_denied_may_not_whatever_is_allowed() {
    Guests guests = Guests.of(List.of("-100"), List.of("7"), List.of());

    assertThat(guests.mayUse(ANN, "ann", TEAM)).isFalse();
    assertThat(guests.mayUse(8, "bob", TEAM)).isTrue();
  }
}
