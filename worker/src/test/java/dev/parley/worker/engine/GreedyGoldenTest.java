package dev.parley.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.shared.wire.ChatMessage;
import dev.parley.shared.wire.EndReason;
import dev.parley.shared.wire.Sampling;
import dev.parley.worker.engine.EngineOutput.Ended;
import dev.parley.worker.llama.ContextOptions;
import dev.parley.worker.llama.KvType;
import dev.parley.worker.llama.TestModel;
import dev.parley.worker.model.LlamaTokenModel;
import dev.parley.worker.model.TokenModel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/// Every prompt alone, greedily: what llama-server answered to it (`infra/golden/greedy.py`), token by token.
class GreedyGoldenTest {
  private static final int SLOTS = 4;
  private static final int CONTEXT_TOKENS = 1024;
  private static final EngineSettings SETTINGS =
      EngineSettings.DEFAULT.change().prefixCacheBytes(0).build();

  /// How far the best token may have been ahead where another build of the kernels takes the second best
  /// (difference of their logits). The build that made the file must take none.
  private static final double NEAR_TIE = 0.35;

  /// In how many of a hundred answers another build may do so.
  private static final int MOST_FLIPS = 10;

  /// A prompt and its answer.
  ///
  /// @param ended whether the model ended it
  /// @param margins by how much each token was the best
  private record Case(
      List<Integer> prompt, List<Integer> answer, boolean ended, List<Double> margins) {
    static Case of(JsonNode json) {
      return new Case(
          ints(json.get("prompt")),
          ints(json.get("answer")),
          json.get("ended").booleanValue(),
          stream(json.get("margins")).map(JsonNode::doubleValue).toList());
    }

    private static List<Integer> ints(JsonNode array) {
      return stream(array).map(JsonNode::intValue).toList();
    }

    private static Stream<JsonNode> stream(JsonNode array) {
      return StreamSupport.stream(array.spliterator(), false);
    }
  }

  /// Where an answer takes another token.
  private record Flip(int prompt, int token, double margin) {}

  private final EngineProbe probe = new EngineProbe();

  @Test
  void greedy_answers_are_those_of_llama_server() throws IOException {
    JsonNode golden = golden();
    List<Case> cases = new ArrayList<>();
    golden.get("cases").forEach(json -> cases.add(Case.of(json)));
    assertThat(cases).hasSizeGreaterThanOrEqualTo(100);
    List<Flip> flips = new ArrayList<>();
    try (Engine engine = BatchingEngine.start(model(cases), SETTINGS, probe)) {
      for (int i = 0; i < cases.size(); i++) {
        compare(engine, i, cases.get(i), flips);
      }
    }
    if (loaded(golden.get("cpu").textValue())) {
      assertThat(flips).isEmpty();
    }
    assertThat(flips).hasSizeLessThanOrEqualTo(MOST_FLIPS);
    assertThat(flips).allMatch(flip -> flip.margin() < NEAR_TIE);
  }

  private void compare(Engine engine, int number, Case expected, List<Flip> flips) {
    String id = "p" + number;
    int size = expected.answer().size();
    engine.submit(
        EngineRequest.of(
            id,
            List.of(ChatMessage.user(Integer.toString(number))),
            Sampling.greedy(expected.ended() ? size + 1 : size)));
    Ended ended = probe.awaitEnd(id);
    List<Integer> ids = probe.ids(id);
    for (int i = 0; i < size; i++) {
      if (i >= ids.size() || !ids.get(i).equals(expected.answer().get(i))) {
        flips.add(new Flip(number, i, expected.margins().get(i)));
        return;
      }
    }
    if (expected.ended() != (ended.reason() == EndReason.STOP)) {
      flips.add(new Flip(number, size, expected.margins().getLast()));
    }
  }

  /// The real model, whose prompts are the golden ones by their number.
  private static TokenModel model(List<Case> cases) {
    ContextOptions options =
        new ContextOptions(
            SLOTS, CONTEXT_TOKENS, SETTINGS.batchTokens(SLOTS), TestModel.THREADS, KvType.F16);
    return new ForwardingModel(
        LlamaTokenModel.open(TestModel.libraries(), TestModel.file(), options)) {
      @Override
      public int[] prompt(List<ChatMessage> messages) {
        return cases.get(Integer.parseInt(messages.getFirst().content())).prompt().stream()
            .mapToInt(Integer::intValue)
            .toArray();
      }
    };
  }

  /// Whether this process computes with that build of the library's kernels.
  private static boolean loaded(String cpuBuild) throws IOException {
    return Files.readString(Path.of("/proc/self/maps")).contains("/" + cpuBuild);
  }

  private static JsonNode golden() throws IOException {
    try (InputStream in = GreedyGoldenTest.class.getResourceAsStream("golden/greedy.json")) {
      assertThat(in).isNotNull();
      return new ObjectMapper().readTree(in);
    }
  }
}
