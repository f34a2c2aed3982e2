package dev.parley.system.path;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// A prompt that kills each worker that tries it (row W7).
final class PoisonTest {
  @Test
  void a_prompt_that_kills_its_workers_ends_with_an_apology_and_its_neighbours_are_answered() {
    try (Cluster cluster = Cluster.start("poison", 1, 2, Map.of("PARLEY_FAKE_POISON", "xyzzy"))) {
      cluster.keepWorkersRunning();
      Chat.Sent one = cluster.chat(0).send("W7 please write 400 words");
      Chat.Sent other = cluster.chat(0).send("W7 please write 410 words");
      one.reader().awaitWords(3);
      other.reader().awaitWords(3);

      Chat.Sent poison = cluster.chat(0).send("xyzzy");

      JsonNode end = poison.reader().awaitEnd();
      assertThat(end.get("end").textValue()).isEqualTo("POISON");
      assertThat(end.get("sentence").textValue()).startsWith("Sorry");
      assertThat(cluster.turn(poison.ref()).crashes()).isEqualTo(3);
      assertThat(one.answer()).isEqualTo(Chat.expected("W7 please write 400 words"));
      assertThat(other.answer()).isEqualTo(Chat.expected("W7 please write 410 words"));
    }
  }
}
