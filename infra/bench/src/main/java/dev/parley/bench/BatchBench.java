package dev.parley.bench;

import dev.parley.standalone.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `parley bench batch`: how much more text the engine writes when several ask at once, beside what the
/// library's calls alone can do.
@Command(
    name = "batch",
    description = "Tokens per second of 1, 2, 4 and 8 requests at once on the real model.",
    mixinStandardHelpOptions = true)
final class BatchBench implements Callable<Integer> {
  /// Eight at once write at least so many times the text of one.
  private static final double GAIN = 2.2;

  private static final int[] AT_ONCE = {1, 2, 4, 8};
  private static final int SLOTS = 8;
  private static final double TEMPERATURE = 0.7;
  private static final String SYSTEM = "You are a helpful assistant.";

  /// What the stories are about: questions that differ, but hardly in length.
  private static final List<String> TOPICS =
      List.of(
          "lighthouse", "railway", "orchard", "harbour", "library", "glacier", "bakery", "theatre");

  @Mixin private ReportOut out = new ReportOut();

  @Option(names = "--rounds", paramLabel = "N", description = "Rounds (default 5).")
  private int rounds = 5;

  @Option(names = "--max-tokens", paramLabel = "N", description = "Of each answer (default 128).")
  private int maxTokens = 128;

  @Option(names = "--model", paramLabel = "NAME", description = "The model.")
  private String model = "smollm2-135m";

  private int asked;

  /// Speeds of the requests that were sent at once, tokens per second.
  ///
  /// @param atOnce requests
  /// @param whole all tokens by the time from the first request to the last answer
  /// @param decode while all of them wrote
  /// @param early answers that ended before the limit
  /// @param kernels what the library's calls alone did right after
  private record Run(
      int atOnce,
      double whole,
      double decode,
      int early,
      int promptTokens,
      KernelLoop.Speeds kernels) {}

  @Override
  public Integer call() throws InterruptedException {
    BenchReport.Builder report =
        new BenchReport.Builder("batch")
            .setting("model", model)
            .setting("PARLEY_SLOTS", SLOTS)
            .setting("answers", maxTokens + " tokens, temperature " + TEMPERATURE + ", seeded")
            .setting("rounds", rounds + ", in turn up and down, after one for warm-up");
    List<Run> runs = new ArrayList<>();
    try (Processes processes = new Processes()) {
      Node engine =
          Node.engine(
              processes.directory(),
              "engine",
              Map.of("PARLEY_MODEL", model, "PARLEY_SLOTS", Integer.toString(SLOTS)),
              Node.Jvm.FULL);
      processes.started(engine::kill);
      engine.awaitReady();
      measure(new CompletionClient(engine.url(), model), runs);
    }
    describe(report, runs);
    out.write(report.build());
    return 0;
  }

  private void measure(CompletionClient client, List<Run> runs) throws InterruptedException {
    int promptTokens = ask(client, SLOTS).getFirst().promptTokens();
    try (KernelLoop kernels = new KernelLoop(model, SLOTS, promptTokens, maxTokens)) {
      kernels.run(SLOTS);
      for (int round = 0; round < rounds; round++) {
        for (int i = 0; i < AT_ONCE.length; i++) {
          int atOnce = AT_ONCE[round % 2 == 0 ? i : AT_ONCE.length - 1 - i];
          Run run = run(ask(client, atOnce), kernels.run(atOnce));
          runs.add(run);
          System.err.printf(
              "round %d of %d, %d at once: %.1f tokens/s, kernels %.1f%n",
              round + 1, rounds, atOnce, run.whole(), run.kernels().whole());
        }
      }
    }
  }

  private List<Completion> ask(CompletionClient client, int atOnce) throws InterruptedException {
    List<Future<Completion>> answers = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < atOnce; i++) {
        Question question = question(asked++);
        answers.add(threads.submit(() -> client.ask(question)));
      }
    }
    List<Completion> done = new ArrayList<>();
    for (Future<Completion> answer : answers) {
      try {
        done.add(answer.get());
      } catch (ExecutionException e) {
        throw new IllegalStateException("a request failed", e);
      }
    }
    return done;
  }

  /// Each asks something else, so that no cache of prompts answers for the engine.
  private Question question(int n) {
    String user =
        "Write a long story about the "
            + TOPICS.get(n % TOPICS.size())
            + " number "
            + (100 + n % 900)
            + " and the people who live there.";
    return new Question(SYSTEM, user, maxTokens, TEMPERATURE, n);
  }

  private Run run(List<Completion> done, KernelLoop.Speeds kernels) {
    long began = done.stream().mapToLong(Completion::sentNanos).min().orElseThrow();
    long ended = done.stream().mapToLong(Completion::lastNanos).max().orElseThrow();
    int tokens = done.stream().mapToInt(Completion::tokens).sum();
    int early = (int) done.stream().filter(c -> c.tokens() < maxTokens).count();
    return new Run(
        done.size(),
        perSecond(tokens, ended - began),
        decodeSpeed(done),
        early,
        done.getFirst().promptTokens(),
        kernels);
  }

  /// Tokens per second from when the last has begun to when the first has ended.
  private static double decodeSpeed(List<Completion> done) {
    long from = done.stream().mapToLong(Completion::firstNanos).max().orElseThrow();
    long to = done.stream().mapToLong(Completion::lastNanos).min().orElseThrow();
    double tokens = 0;
    for (Completion c : done) {
      long pieces = c.pieceNanos().stream().filter(at -> at > from && at <= to).count();
      // A token may bring no text of its own: pieces stand for all tokens of their answer.
      tokens += pieces * (double) c.tokens() / c.pieceNanos().size();
    }
    return to > from ? perSecond(tokens, to - from) : 0;
  }

  private static double perSecond(double tokens, long nanos) {
    return tokens * 1e9 / nanos;
  }

  private static void describe(BenchReport.Builder report, List<Run> runs) {
    for (int atOnce : AT_ONCE) {
      report.headline(
          Figure.median(atOnce + " at once", "tokens/s", speeds(runs, atOnce, Run::whole)));
      report.figure(
          Figure.median(
              atOnce + " at once, while all write", "tokens/s", speeds(runs, atOnce, Run::decode)));
      report.figure(
          Figure.median(
              atOnce + " at once, kernels alone",
              "tokens/s",
              speeds(runs, atOnce, run -> run.kernels().whole())));
    }
    int most = AT_ONCE[AT_ONCE.length - 1];
    String name = most + " at once over 1";
    Figure gain = report.headline(Figure.median(name, "times", gains(runs, most, Run::whole)));
    report.headline(
        Figure.median(name + ", while all write", "times", gains(runs, most, Run::decode)));
    report.headline(
        Figure.median(
            name + ", kernels alone", "times", gains(runs, most, run -> run.kernels().whole())));
    report.headline(
        Figure.median(
            most + " at once, of the kernels' speed",
            "share",
            speeds(runs, most, run -> run.whole() / run.kernels().whole())));
    report
        .setting("prompts", runs.getFirst().promptTokens() + " tokens")
        .target(Target.atLeast(gain, GAIN))
        .note(
            "tokens/s counts the answers' tokens by the time from the first request to the last"
                + " answer, prompts included; \"while all write\" leaves the prompts out; \"kernels"
                + " alone\" is a bare loop of the same calls in turn with the engine. Answers"
                + " that ended before their limit: "
                + runs.stream().mapToInt(Run::early).sum()
                + ".");
  }

  /// In the order of the rounds.
  private static List<Double> speeds(List<Run> runs, int atOnce, ToDoubleFunction<Run> speed) {
    return runs.stream().filter(run -> run.atOnce() == atOnce).map(speed::applyAsDouble).toList();
  }

  /// Each round's speed over that of one request in the same round.
  private static List<Double> gains(List<Run> runs, int atOnce, ToDoubleFunction<Run> speed) {
    List<Double> one = speeds(runs, 1, speed);
    List<Double> many = speeds(runs, atOnce, speed);
    return IntStream.range(0, many.size()).mapToObj(i -> many.get(i) / one.get(i)).toList();
  }
}
