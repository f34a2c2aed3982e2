package dev.parley.shared.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigTest {
  @TempDir private Path directory;

  @Test
  void every_default_is_within_its_own_range_and_every_name_is_declared_once() {
    var config = Config.load(Map.of(), Map.of());
    assertThat(Settings.all()).extracting(Setting::name).doesNotHaveDuplicates();
    assertThat(config.get(Settings.SLOTS)).isEqualTo(4);
    assertThat(config.get(Settings.COALESCE)).isEqualTo(Duration.ofMillis(40));
    assertThat(config.find(Settings.THREADS)).isEmpty();
    assertThat(config.describe()).isEmpty();
  }

  @Test
  void an_option_wins_over_the_environment_and_the_environment_over_the_file() throws IOException {
    var environment =
        file("parley-slots: 2\nparley-context: 1024\nparley-workers: 3\nparley-kv-type: q8_0\n");
    environment.put("PARLEY_SLOTS", "5");
    environment.put("PARLEY_CONTEXT", "4096");
    var config = Config.load(environment, Map.of(Settings.SLOTS, "7"));
    assertThat(config.get(Settings.SLOTS)).isEqualTo(7);
    assertThat(config.get(Settings.CONTEXT)).isEqualTo(4096);
    assertThat(config.get(Settings.WORKERS)).isEqualTo(3);
    assertThat(config.find(Settings.KV_TYPE)).contains(KvType.Q8_0);
  }

  @Test
  void a_list_in_the_file_means_the_same_as_commas() throws IOException {
    var environment = file("parley-redis: [redis://a:1, redis://b:2]");
    assertThat(Config.load(environment, Map.of()).get(Settings.REDIS)).hasSize(2);
  }

  @Test
  void a_setting_that_is_on_or_off_says_true_or_false() throws IOException {
    assertThat(Config.load(Map.of(), Map.of()).get(Settings.TELEGRAM_DRAFTS)).isFalse();
    assertThat(Config.load(file("telegram-drafts: true"), Map.of()).get(Settings.TELEGRAM_DRAFTS))
        .isTrue();
    assertThatThrownBy(() -> Config.load(Map.of("TELEGRAM_DRAFTS", "on"), Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("true|false");
  }

  @Test
  void an_unknown_name_is_refused_with_the_one_that_was_meant() throws IOException {
    var environment = file("parley-contxt: 1024");
    environment.put("PARLEY_SLOT", "4");
    environment.put("SOMETHING_ELSE", "is not ours");
    assertThatThrownBy(() -> Config.load(environment, Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("PARLEY_SLOT is not a setting. Did you mean PARLEY_SLOTS?")
        .hasMessageContaining("Did you mean parley-context?")
        .hasMessageNotContaining("SOMETHING_ELSE");
  }

  @Test
  void every_problem_is_named_at_once_with_what_is_allowed() {
    var environment =
        Map.of(
            "PARLEY_SLOTS", "0",
            "PARLEY_CONTEXT", "99999999999",
            "PARLEY_KV_TYPE", "Q9",
            "PARLEY_COALESCE", "40",
            "PARLEY_KAFKA", "nowhere",
            "PARLEY_REDIS", "http://x");
    assertThatThrownBy(() -> Config.load(environment, Map.of()))
        .hasMessageContaining("PARLEY_SLOTS (environment) must be a whole number from 1 to 256")
        .hasMessageContaining("PARLEY_CONTEXT")
        .hasMessageContaining("one of f16|q8_0|q4_0")
        .hasMessageContaining("a duration such as 40ms")
        .hasMessageContaining("PARLEY_KAFKA")
        .hasMessageContaining("redis://");
  }

  @Test
  void a_secret_is_read_from_its_file_and_never_printed() throws IOException {
    var secret = Files.writeString(directory.resolve("keys"), "sk-one, sk-two\n");
    var config =
        Config.load(
            Map.of(
                "PARLEY_API_KEYS_FILE", secret.toString(), "PARLEY_REDIS", "redis://u:hunter2@h:1"),
            Map.of());
    assertThat(config.get(Settings.API_KEYS))
        .extracting(Secret::reveal)
        .containsExactly("sk-one", "sk-two");
    assertThat(config.describeAll().toString() + config.get(Settings.API_KEYS))
        .contains("PARLEY_API_KEYS = ***")
        .doesNotContain("sk-one")
        .doesNotContain("hunter2");
  }

  @Test
  void a_secret_that_is_set_twice_is_refused() {
    var environment = Map.of("PARLEY_API_KEYS", "a", "PARLEY_API_KEYS_FILE", "b");
    assertThatThrownBy(() -> Config.load(environment, Map.of())).hasMessageContaining("keep one");
  }

  @Test
  void a_child_process_gets_the_same_configuration() {
    var config = Config.load(Map.of("PARLEY_SLOTS", "9"), Map.of(Settings.MODEL, "m.gguf"));
    var child = Config.load(config.asEnvironment(), Map.of());
    assertThat(config.asEnvironment()).hasSize(2);
    assertThat(child.get(Settings.SLOTS)).isEqualTo(9);
    assertThat(child.get(Settings.MODEL)).isEqualTo("m.gguf");
  }

  @Test
  void a_file_that_is_named_but_missing_or_nested_or_no_yaml_is_refused() throws IOException {
    assertThatThrownBy(() -> Config.load(Map.of("PARLEY_CONFIG", "/nowhere.yaml"), Map.of()))
        .hasMessageContaining("not there");
    var nested = file("parley-slots: {a: 1}");
    assertThatThrownBy(() -> Config.load(nested, Map.of())).hasMessageContaining("parley-slots");
    var broken = file("a: [");
    assertThatThrownBy(() -> Config.load(broken, Map.of())).hasMessageContaining("not YAML");
    var twice = file("parley-slots: 1\nparley-slots: 2");
    assertThatThrownBy(() -> Config.load(twice, Map.of())).hasMessageContaining("uplicate");
  }

  @Test
  void an_address_that_others_reach_needs_keys() {
    var open = Config.load(Map.of("PARLEY_HOST", "0.0.0.0"), Map.of());
    assertThatThrownBy(() -> HttpBind.gateway(open)).hasMessageContaining("PARLEY_API_KEYS");
    var closed = Config.load(Map.of("PARLEY_HOST", "0.0.0.0", "PARLEY_API_KEYS", "k"), Map.of());
    assertThat(HttpBind.gateway(closed).keys()).hasSize(1);
  }

  @Test
  void the_nearest_name_is_found_and_a_far_one_is_not_suggested() {
    assertThat(Suggestion.distance("ab", "ba")).isEqualTo(1);
    assertThat(Suggestion.distance("", "abc")).isEqualTo(3);
    assertThat(Suggestion.distance("kitten", "sitting")).isEqualTo(3);
    assertThat(Suggestion.nearest("wroker", java.util.List.of("gateway", "worker")))
        .contains("worker");
    assertThat(Suggestion.nearest("zzz", java.util.List.of("gateway", "worker"))).isEmpty();
  }

  private Map<String, String> file(String yaml) throws IOException {
    var path = Files.writeString(directory.resolve("parley.yaml"), yaml);
    return new HashMap<>(Map.of("PARLEY_CONFIG", path.toString()));
  }
}
