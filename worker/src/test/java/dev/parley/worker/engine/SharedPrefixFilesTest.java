package dev.parley.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.shared.wire.ChatMessage;
import dev.parley.shared.wire.Lane;
import dev.parley.shared.wire.Sampling;
import dev.parley.shared.wire.TokenRules;
import dev.parley.worker.engine.EngineOutput.Ended;
import dev.parley.worker.llama.KvType;
import dev.parley.worker.llama.TestModel;
import dev.parley.worker.prefix.PrefixFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Workers of one host: what one has computed the others need not, and nobody's answer is another one for it.
class SharedPrefixFilesTest {
  private static final Duration LONG = Duration.ofMinutes(2);
  private static final Sampling GREEDY = Sampling.greedy(30);

  @TempDir private Path home;
  private final List<Worker> workers = new ArrayList<>();

  /// An engine and what comes out of it.
  private record Worker(Engine engine, EngineProbe probe) {
    Ended ask(String id, String scope, List<ChatMessage> messages) {
      return ask(id, scope, messages, GREEDY);
    }

    Ended ask(String id, String scope, List<ChatMessage> messages, Sampling sampling) {
      engine.submit(
          new EngineRequest(
              id, "", scope, messages, sampling, Resume.NONE, false, Lane.INTERACTIVE));
      return probe.awaitEnd(id);
    }

    /// Waits for the files of what it has answered.
    void awaitWritten(int files) {
      await().atMost(LONG).until(() -> engine.totals().files().written() >= files);
    }

    long misses(PrefixMiss reason) {
      return engine.totals().misses().getOrDefault(reason, 0L);
    }
  }

  @AfterEach
  void close() {
    for (Worker worker : workers) {
      worker.engine().close();
      assertThat(worker.probe().broken()).isEmpty();
    }
  }

  private EngineSettings settings() {
    return EngineSettings.DEFAULT
        .change()
        .prefixFiles(Optional.of(new PrefixFiles.Options(home, 1 << 30, LONG)))
        .build();
  }

  private Worker fake() {
    return fake(settings());
  }

  private Worker fake(EngineSettings settings) {
    EngineProbe probe = new EngineProbe();
    FakeEngine.Options options = new FakeEngine.Options(4, 1024, 5_000, 200_000);
    return started(new Worker(FakeEngine.start(options, settings, probe), probe));
  }

  /// Takes prompts a chunk at a time, so that their shapes do not depend on how much of them is reused.
  private Worker real(Optional<PrefixFiles.Options> files) {
    EngineSettings settings =
        EngineSettings.DEFAULT.change().stepTokens(1).prefixFiles(files).build();
    EngineProbe probe = new EngineProbe();
    LlamaEngine.Options options =
        new LlamaEngine.Options(
            TestModel.libraries(), TestModel.file(), 2, 512, KvType.F16, TestModel.THREADS);
    return started(new Worker(LlamaEngine.start(options, settings, probe), probe));
  }

  private Worker started(Worker worker) {
    workers.add(worker);
    return worker;
  }

  private static List<ChatMessage> question(String text) {
    return List.of(ChatMessage.system("You know " + "words ".repeat(150)), ChatMessage.user(text));
  }

  private static List<ChatMessage> next(List<ChatMessage> messages, String answer, String text) {
    List<ChatMessage> next = new ArrayList<>(messages);
    next.add(ChatMessage.assistant(answer.strip()));
    next.add(ChatMessage.user(text));
    return next;
  }

  private static void assertWhole(Worker worker, String id, List<ChatMessage> messages) {
    assertThat(worker.probe().text(id)).isEqualTo(FakeEngine.expectedText(messages, GREEDY));
  }

  @Test
  void a_conversation_goes_on_at_another_worker_where_it_stopped() {
    Worker one = fake();
    Worker other = fake();
    List<ChatMessage> first = question("a first question");
    Ended ended = one.ask("first", "c", first);
    one.awaitWritten(1);

    List<ChatMessage> second = next(first, one.probe().text("first"), "and a second one");
    Ended answered = other.ask("second", "c", second);

    assertWhole(other, "second", second);
    // The fake reads its own words back as others than it wrote.
    int shared = ended.usage().promptTokens() - 1;
    assertThat(answered.usage().cachedTokens())
        .isEqualTo(PrefixCache.spared(shared, answered.usage().promptTokens()));
    assertThat(other.engine().totals().reusedTokens()).isEqualTo(answered.usage().cachedTokens());
    other.awaitWritten(1);
    List<ChatMessage> third = next(second, other.probe().text("second"), "third");
    assertThat(one.ask("third", "c", third).usage().cachedTokens())
        .isGreaterThan(answered.usage().cachedTokens());
    assertWhole(one, "third", third);
  }

  @Test
  void many_conversations_take_turns_at_any_worker() {
    List<Worker> all = List.of(fake(), fake());
    List<List<ChatMessage>> talks = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      talks.add(question("talk " + i));
    }
    for (int turn = 0; turn < 4; turn++) {
      for (int i = 0; i < talks.size(); i++) {
        Worker worker = all.get((i + turn * (1 + i % 2)) % 2);
        String id = "talk" + i + "turn" + turn;
        Ended ended = worker.ask(id, "c" + i, talks.get(i));
        assertWhole(worker, id, talks.get(i));
        assertThat(ended.usage().cachedTokens() > 0).isEqualTo(turn > 0);
        talks.set(i, next(talks.get(i), worker.probe().text(id), "turn " + turn));
      }
      int files = talks.size() * (turn + 1);
      await()
          .atMost(LONG)
          .until(() ->
              all.stream().mapToLong(w -> w.engine().totals().files().written()).sum() == files);
    }
  }

  @Test
  void a_worker_that_starts_again_finds_what_it_had() {
    List<ChatMessage> messages = question("a question");
    Worker before = fake();
    before.ask("first", "c", messages);
    before.engine().close();
    Worker after = fake();
    assertThat(after.ask("again", "c", messages).usage().cachedTokens()).isPositive();
    assertWhole(after, "again", messages);
  }

  @Test
  void another_scope_finds_nothing_and_cannot_tell() {
    Worker one = fake();
    Worker other = fake();
    List<ChatMessage> messages = question("a question");
    one.ask("mine", "me", messages);
    one.awaitWritten(1);
    assertThat(other.ask("yours", "you", messages).usage().cachedTokens()).isZero();
    assertThat(other.misses(PrefixMiss.UNKNOWN)).isOne();
  }

  @Test
  void a_damaged_file_costs_the_computation_and_not_the_answer() throws IOException {
    Worker one = fake();
    Worker other = fake();
    List<ChatMessage> messages = question("a question");
    one.ask("first", "c", messages);
    one.awaitWritten(1);
    try (Stream<Path> files = Files.walk(home)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        byte[] content = Files.readAllBytes(file);
        content[content.length - 6] ^= 1;
        Files.write(file, content);
      }
    }
    assertThat(other.ask("again", "c", messages).usage().cachedTokens()).isZero();
    assertWhole(other, "again", messages);
    assertThat(other.misses(PrefixMiss.UNREADABLE)).isOne();
  }

  @Test
  void why_a_prompt_was_computed_is_counted() {
    // Room for one conversation's words.
    Worker worker = fake(EngineSettings.DEFAULT.change().prefixCacheBytes(1100).build());
    worker.ask("short", "c", List.of(ChatMessage.user("hello")));
    List<ChatMessage> first = question("first");
    worker.ask("first", "c", first);
    assertThat(worker.ask("again", "c", first).usage().cachedTokens()).isPositive();
    worker.ask("other", "d", question("other"));
    worker.ask("back", "c", first);
    assertThat(worker.misses(PrefixMiss.SHORT)).isOne();
    assertThat(worker.misses(PrefixMiss.UNKNOWN)).isEqualTo(2);
    assertThat(worker.misses(PrefixMiss.EVICTED)).isOne();
  }

  @Test
  void requests_that_are_cancelled_or_dropped_while_their_files_are_read_do_no_harm() {
    Worker one = fake();
    Worker other = fake();
    List<ChatMessage> messages = question("a question");
    one.ask("first", "c", messages);
    one.awaitWritten(1);
    for (int i = 0; i < 50; i++) {
      other.engine().submit(EngineRequest.of("r" + i, question("r" + i), GREEDY));
      other.engine().cancel("r" + i);
      other.probe().awaitEnd("r" + i);
    }
    assertThat(other.ask("again", "c", messages).usage().cachedTokens()).isPositive();
    assertWhole(other, "again", messages);
    other.engine().submit(EngineRequest.of("dropped", question("dropped"), GREEDY));
    other.engine().close();
  }

  @Test
  void the_real_model_says_the_same_from_a_file_as_from_memory_and_from_the_beginning() {
    Worker one = real(settings().prefixFiles());
    Worker other = real(settings().prefixFiles());
    Worker alone = real(Optional.empty());
    Sampling sampling = Sampling.greedy(80).change().rules(new TokenRules(Map.of(), 80, 3)).build();
    List<ChatMessage> first = question("Write a very long story about a river.");
    Ended answered = one.ask("first", "c", first, sampling);
    assertThat(answered.usage().completionTokens()).isEqualTo(80);
    one.awaitWritten(1);

    Ended again = other.ask("again", "c", first, sampling);
    assertThat(again.usage().cachedTokens()).isPositive();
    assertThat(alone.ask("again", "c", first, sampling).usage().cachedTokens()).isZero();
    assertThat(other.probe().ids("again")).isEqualTo(alone.probe().ids("again"));
    assertThat(other.probe().ids("again")).isEqualTo(one.probe().ids("first"));

    // Beyond it the answer is reused too, which came row by row.
    List<ChatMessage> second = new ArrayList<>(first);
    second.add(
        new ChatMessage(
            "assistant",
            one.probe().text("first"),
            one.probe().ids("first"),
            one.engine().info().fingerprint()));
    second.add(ChatMessage.user("And now about a house."));
    Ended byFile = other.ask("second", "c", second, sampling);
    Ended byMemory = alone.ask("second", "c", second, sampling);
    assertThat(byFile.usage()).isEqualTo(byMemory.usage());
    int held = answered.usage().promptTokens() + answered.usage().completionTokens();
    assertThat(byFile.usage().cachedTokens())
        .isEqualTo(PrefixCache.spared(held - 1, byFile.usage().promptTokens()))
        .isGreaterThan(again.usage().cachedTokens());
    assertThat(other.probe().ids("second")).isEqualTo(alone.probe().ids("second"));
  }
}
