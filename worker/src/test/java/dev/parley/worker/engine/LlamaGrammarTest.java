package dev.parley.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.shared.testing.RandomSchemas;
import dev.parley.shared.testing.SchemaValidator;
import dev.parley.shared.wire.ChatMessage;
import dev.parley.shared.wire.EndReason;
import dev.parley.shared.wire.Lane;
import dev.parley.shared.wire.Mirostat;
import dev.parley.shared.wire.ResponseFormat;
import dev.parley.shared.wire.Sampling;
import dev.parley.shared.wire.TokenRules;
import dev.parley.worker.engine.EngineOutput.Ended;
import dev.parley.worker.llama.KvType;
import dev.parley.worker.llama.TestModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/// Grammars and schemas on a real model and its real vocabulary.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LlamaGrammarTest {
  private static final int SLOTS = 4;

  /// Random schemas to be answered; more with `-Dparley.schemas=1000`, which take half an hour.
  private static final int SCHEMAS = Integer.getInteger("parley.schemas", 30);

  /// Tokens; what a few schemas need at most.
  private static final int LONG_ENOUGH = 400;

  private static final List<ChatMessage> QUESTION =
      List.of(
          ChatMessage.system("You are a helpful assistant."),
          ChatMessage.user("Tell me about the sea, in JSON if you can."));

  private final EngineProbe probe = new EngineProbe();
  private Engine engine;
  private int asked;

  @BeforeAll
  void start() {
    engine =
        LlamaEngine.start(
            new LlamaEngine.Options(
                TestModel.libraries(), TestModel.file(), SLOTS, 512, KvType.F16, TestModel.THREADS),
            EngineSettings.DEFAULT.change().maxWaiting(64).build(),
            probe);
  }

  @AfterAll
  void stop() {
    engine.close();
    assertThat(probe.broken()).isEmpty();
  }

  private static Sampling within(Sampling sampling, String gbnf) {
    return sampling.change().format(ResponseFormat.grammar(gbnf)).build();
  }

  private record Answered(String text, List<Integer> ids, Ended ended, int restarts) {}

  private Answered ask(Sampling sampling, Resume resume) {
    String id = "r" + asked++;
    engine.submit(
        new EngineRequest(id, "", "", QUESTION, sampling, resume, false, Lane.INTERACTIVE));
    Ended ended = probe.awaitEnd(id);
    return new Answered(probe.text(id), probe.ids(id), ended, probe.restarts(id));
  }

  private Answered ask(Sampling sampling) {
    return ask(sampling, Resume.NONE);
  }

  @Test
  @Timeout(value = 2, unit = TimeUnit.HOURS)
  void answers_of_random_schemas_fit_them() throws JsonProcessingException {
    RandomSchemas schemas = new RandomSchemas(20261128);
    int cut = 0;
    for (int done = 0; done < SCHEMAS; done += SLOTS) {
      List<JsonNode> batch = new ArrayList<>();
      List<String> ids = new ArrayList<>();
      for (int i = 0; i < SLOTS; i++) {
        JsonNode schema = schemas.next();
        Sampling sampling =
            new Sampling(LONG_ENOUGH, 0.5 * (i % 3), 0.95, 40, 0, done + i, List.of())
                .change()
                .mirostat(i == 2 ? new Mirostat(2, 5, 0.1) : Mirostat.NONE)
                .format(ResponseFormat.jsonSchema(schema.toString()))
                .build();
        String id = "schema" + (done + i);
        batch.add(schema);
        ids.add(id);
        engine.submit(EngineRequest.of(id, QUESTION, sampling));
      }
      for (int i = 0; i < SLOTS; i++) {
        Ended ended = probe.awaitEnd(ids.get(i));
        String text = probe.text(ids.get(i));
        assertThat(ended.reason().answered()).as("%s: %s", batch.get(i), ended).isTrue();
        if (ended.reason() == EndReason.LENGTH) {
          cut++;
          continue;
        }
        JsonNode answer = new ObjectMapper().readTree(text);
        assertThat(new SchemaValidator(batch.get(i)).fits(answer))
            .as("%s: %s", batch.get(i), text)
            .isTrue();
        probe.forget(ids.get(i));
      }
    }
    System.out.printf("%d random schemas, %d answers cut%n", SCHEMAS, cut);
    assertThat(cut).isLessThanOrEqualTo(Math.max(2, SCHEMAS / 20));
  }

  @Test
  void any_json_object_is_one() throws JsonProcessingException {
    Answered answer = ask(Sampling.greedy(200).change().format(ResponseFormat.JSON_OBJECT).build());
    if (answer.ended().reason() == EndReason.STOP) {
      assertThat(new ObjectMapper().readTree(answer.text()).isObject()).isTrue();
    } else {
      assertThat(answer.text()).startsWith("{");
    }
  }

  @Test
  void a_word_is_forced_whatever_its_characters() {
    for (String word : List.of("Quetzalcoatl", "☃ näïve 日本語 😀", "<|im_start|>", "\\\"")) {
      String literal = word.replace("\\", "\\\\").replace("\"", "\\\"");
      Answered answer = ask(within(Sampling.greedy(60), "root ::= \"" + literal + "\""));
      assertThat(answer.text()).isEqualTo(word);
      assertThat(answer.ended().reason()).isEqualTo(EndReason.STOP);
    }
  }

  @Test
  void no_control_token_passes_for_text() {
    Sampling wild = new Sampling(200, 2, 1, 0, 0, 3, List.of());
    Answered answer = ask(within(wild, "root ::= .{40}"));
    assertThat(answer.text().codePointCount(0, answer.text().length())).isEqualTo(40);
    assertThat(answer.ended().reason()).isEqualTo(EndReason.STOP);
  }

  @Test
  void a_text_without_an_end_ends_at_its_longest() {
    Answered answer = ask(within(Sampling.greedy(12), "root ::= \"ha\" root"));
    assertThat(answer.ended().reason()).isEqualTo(EndReason.LENGTH);
    assertThat(answer.ids()).hasSize(12);
    assertThat("ha".repeat(100)).startsWith(answer.text());
  }

  @Test
  void the_grammar_ends_an_answer_before_its_minimum() {
    Sampling atLeast = Sampling.greedy(60).change().rules(new TokenRules(Map.of(), 50, 0)).build();
    Answered answer = ask(within(atLeast, "root ::= \"The sea.\""));
    assertThat(answer.text()).isEqualTo("The sea.");
    assertThat(answer.ended().reason()).isEqualTo(EndReason.STOP);
  }

  @Test
  void a_broken_answer_goes_on_under_its_grammar() {
    String gbnf = "root ::= (word [ ] ){8}\nword ::= [a-zé]{2,6} | [0-9]{3}";
    Sampling sampling = within(new Sampling(80, 1, 0.95, 40, 0, 4, List.of()), gbnf);
    Answered whole = ask(sampling);
    assertThat(whole.text()).matches("(([a-zé]{2,6}|[0-9]{3}) ){8}");
    for (int cut : List.of(1, whole.ids().size() / 2, whole.ids().size())) {
      Answered rest = ask(sampling, new Resume(whole.ids().subList(0, cut), ""));
      assertThat(rest.restarts()).isZero();
      assertThat(rest.ids()).isEqualTo(whole.ids().subList(cut, whole.ids().size()));
      assertThat(rest.text()).isEqualTo(whole.text());
    }
  }

  @Test
  void tokens_that_the_grammar_does_not_allow_are_not_continued() {
    Sampling sampling = within(Sampling.greedy(60), "root ::= \"Yes.\" | \"No.\"");
    Answered free = ask(Sampling.greedy(10));
    Answered answer = ask(sampling, new Resume(free.ids().subList(0, 5), ""));
    assertThat(answer.restarts()).isOne();
    assertThat(answer.text()).isIn("Yes.", "No.");
  }

  @Test
  void a_hostile_grammar_fails_or_answers_and_its_neighbours_do_not_notice() {
    String ambiguous = "root ::= \".\" root \"b\" | \".\" root \"c\" | \"x\"";
    engine.submit(EngineRequest.of("hostile", QUESTION, within(Sampling.greedy(40), ambiguous)));
    Answered plain = ask(Sampling.greedy(20));
    assertThat(plain.ended().reason().answered()).isTrue();
    assertThat(probe.awaitEnd("hostile").reason())
        .isIn(EndReason.LENGTH, EndReason.STOP, EndReason.ENGINE);
  }
}
