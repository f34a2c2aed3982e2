package dev.parley.bench;

import dev.parley.bench.Wanted.Beside;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// All runs of one scenario, and the figures that they make.
final class EngineResults {
  private final Scenario scenario;
  private final Map<Peer, List<Run>> runs = new EnumMap<>(Peer.class);
  private final Map<Peer, WorkerCounts> counts = new EnumMap<>(Peer.class);

  EngineResults(Scenario scenario) {
    this.scenario = scenario;
  }

  /// Adds a peer's next round.
  void add(Peer peer, Run run) {
    runs.computeIfAbsent(peer, _ -> new ArrayList<>()).add(run);
  }

  /// Adds what workers of ours counted meanwhile.
  void count(Peer peer, WorkerCounts counted) {
    if (!peer.isRival()) {
      counts.merge(peer, counted, WorkerCounts::plus);
    }
  }

  Scenario scenario() {
    return scenario;
  }

  /// In the order in which they are reported.
  List<Peer> peers() {
    return List.copyOf(runs.keySet());
  }

  List<Reply> replies(Peer peer) {
    return runs(peer).flatMap(run -> run.replies().stream()).toList();
  }

  private Stream<Run> runs(Peer peer) {
    return runs.getOrDefault(peer, List.of()).stream();
  }

  void describe(BenchReport.Builder report) {
    for (Metric metric : scenario.metrics()) {
      for (Peer peer : peers()) {
        List<Double> values = values(peer, metric);
        if (!values.isEmpty()) {
          report.figure(Figure.median(name(metric) + ": " + peer.title(), metric.unit(), values));
        }
      }
    }
    scenario.wanted().forEach(wanted -> target(report, wanted));
    peers().forEach(peer -> remark(peer).ifPresent(report::note));
    counts.forEach((peer, counted) ->
        report.note("%s, %s: %s".formatted(scenario.letter(), peer.title(), counted.describe())));
  }

  private String name(Metric metric) {
    return scenario.letter() + ", " + metric.name();
  }

  /// In the order of the rounds.
  private List<Double> values(Peer peer, Metric metric) {
    return runs(peer)
        .flatMap(run -> Optional.ofNullable(run.values().get(metric)).stream())
        .toList();
  }

  private void target(BenchReport.Builder report, Wanted wanted) {
    if (wanted.beside() == Beside.NOBODY) {
      List<Double> ours = values(wanted.ours(), wanted.metric());
      if (!ours.isEmpty()) {
        String name = name(wanted.metric()) + ", " + ours(wanted);
        Figure figure = Figure.median(name, wanted.metric().unit(), ours);
        target(report, wanted, report.headline(figure));
      }
      return;
    }
    rival(wanted)
        .ifPresent(rival -> {
          List<Double> ratios = ratios(wanted, rival);
          if (!ratios.isEmpty()) {
            target(report, wanted, report.headline(ratio(wanted, rival, ratios)));
          }
        });
  }

  private static void target(BenchReport.Builder report, Wanted wanted, Figure figure) {
    report.target(
        wanted.sense() == Target.Sense.AT_LEAST
            ? Target.atLeast(figure, wanted.bound())
            : Target.atMost(figure, wanted.bound()));
  }

  private Figure ratio(Wanted wanted, Peer rival, List<Double> ratios) {
    String best =
        wanted.beside() == Beside.DEFAULT
            ? "the default"
            : wanted.choice().equals(wanted.metric())
                ? "the best setting"
                : "the setting with the best " + wanted.choice().name();
    String name =
        wanted.inverse()
            ? "%s, %s (%s) over %s"
                .formatted(name(wanted.metric()), best, rival.title(), ours(wanted))
            : "%s, %s over %s (%s)"
                .formatted(name(wanted.metric()), ours(wanted), best, rival.title());
    return Figure.median(name, "times", ratios);
  }

  private static String ours(Wanted wanted) {
    return wanted.ours() == Peer.PATH ? "the whole path's" : "ours";
  }

  private List<Double> ratios(Wanted wanted, Peer rival) {
    List<Double> ours = values(wanted.ours(), wanted.metric());
    List<Double> theirs = values(rival, wanted.metric());
    return IntStream.range(0, Math.min(ours.size(), theirs.size()))
        .mapToObj(i -> wanted.inverse() ? theirs.get(i) / ours.get(i) : ours.get(i) / theirs.get(i))
        .toList();
  }

  private Optional<Peer> rival(Wanted wanted) {
    if (wanted.beside() == Beside.DEFAULT) {
      return Optional.of(Peer.DEFAULT);
    }
    Metric choice = wanted.choice();
    return peers().stream()
        .filter(peer -> peer.isRival() && !values(peer, choice).isEmpty())
        .reduce((one, other) ->
            choice.isBetter(median(other, choice), median(one, choice)) ? other : one);
  }

  private double median(Peer peer, Metric metric) {
    return Figure.medianOf(values(peer, metric));
  }

  /// What happened to a peer's requests that a reader of its figures must know.
  private Optional<String> remark(Peer peer) {
    List<Reply> all = replies(peer);
    long failed = all.stream().filter(reply -> reply.completion().isEmpty()).count();
    long early = all.stream().filter(Reply::endedEarly).count();
    long cut = all.stream().filter(Reply::isCut).count();
    if (failed + early + cut == 0) {
      return Optional.empty();
    }
    String why =
        all.stream()
            .map(Reply::failure)
            .filter(failure -> !failure.isEmpty())
            .findFirst()
            .map(failure -> " The first failure: " + failure)
            .orElse("");
    return Optional.of(
        "%s, %s: of %d requests the model ended %d early, the server cut %d short, %d failed.%s"
            .formatted(scenario.letter(), peer.title(), all.size(), early, cut, failed, why));
  }
}
