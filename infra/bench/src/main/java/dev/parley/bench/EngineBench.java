package dev.parley.bench;

import dev.parley.bench.PeerServer.Setup;
import dev.parley.shared.config.Config;
import dev.parley.shared.config.Settings;
import dev.parley.shared.fetch.Assets;
import dev.parley.standalone.StartException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `parley bench engine`: the engine beside llama-server of the same release on the same libraries, in loads
/// where schedulers differ.
@Command(
    name = "engine",
    description = "The engine beside llama-server of the same release, in several settings.",
    mixinStandardHelpOptions = true)
final class EngineBench implements Callable<Integer> {
  private static final String PROGRAM = "llama-server-0.5.0/llama-server";
  private static final int WARM_UP_REQUESTS = 8;
  private static final int WARM_UP_PROMPT_TOKENS = 64;

  /// Enough for a JVM to have compiled what it will need: two cores that also compute would show it.
  private static final int WARM_UP_TOKENS = 256;

  @Mixin private ReportOut out = new ReportOut();

  @Option(names = "--rounds", paramLabel = "N", description = "Rounds (default 3).")
  private int rounds = 3;

  @Option(
      names = "--scenario",
      split = ",",
      paramLabel = "LETTER",
      description = "Only these, by letter: A,E2 (default: all).")
  private List<String> letters = List.of();

  @Option(
      names = "--peer",
      split = ",",
      paramLabel = "NAME",
      description =
          "Only beside these: path, default, b128, b71, kvu, q8 (default: all), and for a GPU"
              + " b512, bs (default there: path, default, b512, bs, kvu, q8).")
  private List<String> peers = List.of();

  private Optional<String> model = Optional.empty();

  @Option(
      names = "--model",
      paramLabel = "FILE or NAME",
      description = "The model (default smollm2-135m; with --gpu: parley bench model's llama-8b).")
  void model(String fileOrName) {
    model = Optional.of(fileOrName);
  }

  @Option(
      names = "--gpu",
      description =
          "All on the GPU, with the libraries of infra/gpu/build-libllama.sh. Every peer holds the"
              + " model there at the same time, 11 GiB of llama-8b: name few where it is small.")
  private boolean gpu;

  private Optional<Path> program = Optional.empty();

  @Option(
      names = "--llama-server",
      paramLabel = "FILE",
      description = "The program; else what infra/bench/build-llama-server.sh built.")
  void program(Path file) {
    program = Optional.of(file);
  }

  @Override
  public Integer call() throws InterruptedException {
    List<Scenario> scenarios = scenarios();
    List<Peer> all = new ArrayList<>(List.of(Peer.PARLEY));
    all.addAll(peers.isEmpty() ? Peer.usual(gpu) : peers.stream().map(Peer::named).toList());
    List<Gpu> gpus = gpu ? Gpu.all(Gpu.TOOL) : List.of();
    Setup setup = setup(gpus);
    BenchReport.Builder report =
        new BenchReport.Builder("engine")
            .setting("model", setup.model())
            .setting("GPU", gpu ? String.join(", ", gpus.stream().map(Gpu::name).toList()) : "none")
            .setting("llama-server", version(setup.llamaServer()))
            .setting("libraries of all", setup.assets().libraries().getFileName())
            .setting("threads that compute", setup.threads())
            .setting(
                "rounds",
                rounds
                    + ", peers in turn up and down; one process a peer and scenario, warmed up"
                    + " once, stopped by a signal while others are measured")
            .setting("requests", "streamed over HTTP/1.1 by one client; temperature 0");
    for (Scenario scenario : scenarios) {
      EngineResults results = measure(scenario, measuredIn(scenario, all), setup);
      describe(report, results, setup);
      String ending = (scenarios.size() == 1 ? "" : "-" + scenario.letter()) + ".svg";
      out.beside(ending).ifPresent(file -> EnginePlot.write(results, file));
    }
    out.write(report.build());
    return 0;
  }

  private static List<Peer> measuredIn(Scenario scenario, List<Peer> all) {
    return all.stream()
        .filter(peer -> peer == Peer.PARLEY || !scenario.oursAlone())
        .filter(peer -> peer != Peer.PATH || scenario.onWholePath())
        .toList();
  }

  private List<Scenario> scenarios() {
    List<String> wanted = letters.stream().map(name -> name.toUpperCase(Locale.ROOT)).toList();
    List<Scenario> chosen =
        Scenario.all().stream()
            .filter(scenario -> wanted.isEmpty() || wanted.contains(scenario.letter()))
            .toList();
    if (!wanted.isEmpty() && chosen.size() < wanted.size()) {
      throw new StartException(
          "--scenario "
              + String.join(",", letters)
              + ": known are "
              + String.join(",", Scenario.all().stream().map(Scenario::letter).toList()));
    }
    return chosen;
  }

  /// @param gpus that compute; none: the CPU does
  private Setup setup(List<Gpu> gpus) {
    Config config = Config.load();
    Path file = program.orElseGet(() -> config.get(Settings.HOME).resolve(PROGRAM));
    if (!Files.isExecutable(file)) {
      throw new StartException(
          "There is no llama-server in " + file + ": run infra/bench/build-llama-server.sh once.");
    }
    Assets assets = gpus.isEmpty() ? Assets.of(config) : gpuAssets(gpus.getFirst(), config);
    return new Setup(
        assets,
        model.orElseGet(() -> usualModel(config, assets)),
        file.toAbsolutePath(),
        config.find(Settings.THREADS).orElse(Runtime.getRuntime().availableProcessors()),
        gpu);
  }

  private static Assets gpuAssets(Gpu gpu, Config config) {
    Path libraries = gpu.libraries(config);
    return new Assets(config.get(Settings.HOME), Optional.of(libraries), System.err::println);
  }

  private String usualModel(Config config, Assets assets) {
    return gpu
        ? ModelCommand.inHome(ModelShape.LLAMA_8B, config.get(Settings.HOME), assets).toString()
        : "smollm2-135m";
  }

  private static String version(Path program) {
    try {
      Process process =
          new ProcessBuilder(program.toString(), "--version").redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return said.lines().filter(line -> line.startsWith("version")).findFirst().orElse("unknown");
    } catch (IOException e) {
      throw new UncheckedIOException(program + " does not start", e);
    }
  }

  private EngineResults measure(Scenario scenario, List<Peer> all, Setup setup)
      throws InterruptedException {
    EngineResults results = new EngineResults(scenario);
    System.err.printf("%s: %s%n", scenario.letter(), scenario.title());
    try (Processes processes = new Processes()) {
      List<PeerServer> servers = new ArrayList<>();
      for (Peer peer : all) {
        PeerServer server = PeerServer.start(peer, scenario.capacity(peer), setup, processes);
        warmUp(server);
        server.pause();
        servers.add(server);
      }
      for (int round = 0; round < rounds; round++) {
        for (int i = 0; i < servers.size(); i++) {
          PeerServer server = servers.get(round % 2 == 0 ? i : servers.size() - 1 - i);
          server.resume();
          WorkerCounts before = server.counts();
          Run run = scenario.run(server.endpoint(), new Prompts(1 + round));
          results.add(server.peer(), run);
          results.count(server.peer(), server.counts().since(before));
          server.pause();
          tell(scenario, round, server.peer(), run);
        }
      }
    }
    return results;
  }

  private static void warmUp(PeerServer server) throws InterruptedException {
    List<Ask> asks = new ArrayList<>();
    Prompts prompts = new Prompts(0);
    for (int i = 0; i < WARM_UP_REQUESTS; i++) {
      asks.add(
          Ask.now(
              "warm-up", prompts.ask(WARM_UP_PROMPT_TOKENS, WARM_UP_TOKENS).by(Question.ANYBODY)));
    }
    for (CompletionClient client : server.endpoint().clients()) {
      var _ = OpenLoop.run(client, asks);
    }
  }

  private void tell(Scenario scenario, int round, Peer peer, Run run) {
    StringBuilder values = new StringBuilder();
    for (Metric metric : scenario.metrics()) {
      Double value = run.values().get(metric);
      String number = value == null ? "-" : ReportOut.number(value);
      values.append("; ").append(metric.name()).append(' ').append(number);
    }
    System.err.printf("  round %d of %d, %s%s%n", round + 1, rounds, peer.title(), values);
  }

  private static void describe(BenchReport.Builder report, EngineResults results, Setup setup) {
    Scenario scenario = results.scenario();
    String letter = scenario.letter();
    Capacity ours = scenario.capacity(Peer.PARLEY);
    report.setting(letter, scenario.title());
    report.setting(letter + ", Parley", new TreeMap<>(setup.settings(ours)));
    if (results.peers().contains(Peer.PATH)) {
      report.setting(
          letter + ", Parley, whole path, also", new TreeMap<>(ours.pathSettings()).toString());
    }
    for (Peer peer : results.peers()) {
      if (peer.isRival()) {
        report.setting(
            letter + ", " + peer.option(),
            String.join(" ", setup.flags(peer, scenario.capacity(peer))));
      }
    }
    report.setting(letter + ", prompt tokens as counted", promptTokens(results));
    results.describe(report);
  }

  /// Each kind's smallest and largest over all peers.
  private static String promptTokens(EngineResults results) {
    Map<String, IntSummaryStatistics> kinds = new TreeMap<>();
    for (Peer peer : results.peers()) {
      for (Reply reply : results.replies(peer)) {
        reply
            .completion()
            .ifPresent(done ->
                kinds
                    .computeIfAbsent(reply.ask().kind(), _ -> new IntSummaryStatistics())
                    .accept(done.promptTokens()));
      }
    }
    List<String> parts = new ArrayList<>();
    kinds.forEach((kind, counts) ->
        parts.add("%s %d to %d".formatted(kind, counts.getMin(), counts.getMax())));
    return String.join(", ", parts);
  }
}
