package dev.parley.shared.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class RedisValuesTest {
  private static final Duration DAY = Duration.ofDays(1);

  private RedisProcess redis;
  private RedisValues values;
  private RedisValues ofAnotherKind;

  @BeforeEach
  void start() {
    redis = RedisProcess.start();
    values = new RedisValues(redis.settings(), "one");
    ofAnotherKind = new RedisValues(redis.settings(), "other");
  }

  @AfterEach
  void stop() {
    values.close();
    ofAnotherKind.close();
    redis.close();
  }

  @Test
  void a_value_is_found_by_its_kind_and_name() {
    values.set("a", "1", DAY);
    values.set("a", "2", DAY);

    assertThat(values.find("a")).hasValue("2");
    assertThat(values.find("b")).isEmpty();
    assertThat(ofAnotherKind.find("a")).isEmpty();
  }

  @Test
  void a_set_has_each_member_once() {
    values.add("chats", "1", DAY);
    values.add("chats", "2", DAY);
    values.add("chats", "1", DAY);

    assertThat(values.all("chats")).containsExactlyInAnyOrder("1", "2");
    assertThat(values.all("others")).isEmpty();
    assertThat(ofAnotherKind.all("chats")).isEmpty();
  }
}
