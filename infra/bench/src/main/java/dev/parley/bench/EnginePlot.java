package dev.parley.bench;

import dev.parley.bench.Svg.Anchor;
import dev.parley.bench.Svg.Point;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A scenario's drawing: on the left what share of all inter-token gaps is longer than a time, on the right
/// each request's time to first token. All rounds together; both times on logarithmic axes.
final class EnginePlot {
  private static final int WIDTH = 1_100;
  private static final int HEIGHT = 400;
  private static final double TOP = 70;
  private static final double BOTTOM = 340;
  private static final double GAPS_LEFT = 60;
  private static final double GAPS_RIGHT = 500;
  private static final double FIRST_LEFT = 790;
  private static final double FIRST_RIGHT = 1_070;
  private static final double UNDER = 16;
  private static final double SPREAD = 14;

  /// The rarest gap that is drawn: one of a thousand.
  private static final int RAREST_DECADE = -3;

  private static final String INK = "#333333";
  private static final String GRID = "#dddddd";

  private final EngineResults results;
  private final Svg svg = new Svg(WIDTH, HEIGHT);

  private EnginePlot(EngineResults results) {
    this.results = results;
  }

  static void write(EngineResults results, Path file) {
    draw(results).write(file);
  }

  static Svg draw(EngineResults results) {
    EnginePlot plot = new EnginePlot(results);
    Scenario scenario = results.scenario();
    plot.svg.words(
        new Point(GAPS_LEFT, 24), Anchor.START, INK, scenario.letter() + ": " + scenario.title());
    plot.gaps();
    plot.firsts();
    return plot.svg;
  }

  private void gaps() {
    List<Double> all = results.peers().stream().flatMap(peer -> gaps(peer).stream()).toList();
    LogAxis x = LogAxis.over(all, GAPS_LEFT, GAPS_RIGHT);
    LogAxis y = new LogAxis(RAREST_DECADE, 0, BOTTOM, TOP);
    head(GAPS_LEFT, "share of inter-token gaps that are longer");
    seconds(x);
    for (double share : y.decades()) {
      svg.line(new Point(GAPS_LEFT, y.at(share)), new Point(GAPS_RIGHT, y.at(share)), GRID);
      String percent = number(share * 100) + " %";
      svg.words(new Point(GAPS_LEFT - 4, y.at(share) + 4), Anchor.END, INK, percent);
    }
    for (Peer peer : results.peers()) {
      svg.path(curve(gaps(peer), x, y), peer.colour());
    }
  }

  /// One point for each pixel of height at most, so that the file stays small.
  private static List<Point> curve(List<Double> sorted, LogAxis x, LogAxis y) {
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < sorted.size(); i++) {
      double longer = (double) (sorted.size() - i) / sorted.size();
      Point point = new Point(x.at(sorted.get(i)), y.at(longer));
      boolean last = i == sorted.size() - 1;
      if (points.isEmpty() || last || moved(points.getLast(), point)) {
        points.add(point);
      }
    }
    return points;
  }

  private static boolean moved(Point from, Point to) {
    return Math.abs(from.x() - to.x()) + Math.abs(from.y() - to.y()) >= 1;
  }

  private void firsts() {
    List<Double> all = results.peers().stream().flatMap(peer -> firsts(peer).stream()).toList();
    LogAxis x = LogAxis.over(all, FIRST_LEFT, FIRST_RIGHT);
    head(FIRST_LEFT, "time to first token of each request");
    seconds(x);
    double row = (BOTTOM - TOP) / Math.max(1, results.peers().size());
    double y = TOP + row / 2;
    for (Peer peer : results.peers()) {
      svg.words(new Point(FIRST_LEFT - 10, y + 4), Anchor.END, peer.colour(), peer.title());
      List<Double> times = firsts(peer);
      for (int i = 0; i < times.size(); i++) {
        double aside = (i % 3 - 1) * SPREAD / 2;
        svg.dot(new Point(x.at(times.get(i)), y + aside), peer.colour());
      }
      y += row;
    }
  }

  private void head(double left, String words) {
    svg.words(new Point(left, TOP - 14), Anchor.START, INK, words);
  }

  private void seconds(LogAxis x) {
    for (double decade : x.decades()) {
      svg.line(new Point(x.at(decade), TOP), new Point(x.at(decade), BOTTOM), GRID);
      svg.words(new Point(x.at(decade), BOTTOM + UNDER), Anchor.MIDDLE, INK, time(decade));
    }
  }

  private static String time(double seconds) {
    return seconds < 1 ? number(seconds * 1e3) + " ms" : number(seconds) + " s";
  }

  /// Of a decade.
  private static String number(double decade) {
    return String.format(Locale.ROOT, decade < 1 ? "%.1f" : "%.0f", decade);
  }

  /// Sorted, in seconds.
  private List<Double> gaps(Peer peer) {
    return Timings.gaps(results.replies(peer)).map(Timings::seconds).sorted().toList();
  }

  private List<Double> firsts(Peer peer) {
    return Timings.completions(results.replies(peer)).stream()
        .map(done -> Timings.seconds(done.toFirst()))
        .toList();
  }
}
