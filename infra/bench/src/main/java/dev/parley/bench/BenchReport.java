package dev.parley.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a bench found.
///
/// @param settings how it was measured, in the order in which people want to read them
/// @param headlines names of the figures that stand for the bench in an overview
/// @param notes one sentence each: what a reader must know to take the figures for what they are
record BenchReport(
    String bench,
    Machine machine,
    Map<String, String> settings,
    List<Figure> figures,
    List<Target> targets,
    List<String> headlines,
    List<String> notes) {

  /// Gathers a report while a bench runs.
  static final class Builder {
    private final String bench;
    private final Machine machine = Machine.here();
    private final Map<String, String> settings = new LinkedHashMap<>();
    private final List<Figure> figures = new ArrayList<>();
    private final List<Target> targets = new ArrayList<>();
    private final List<String> headlines = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    Builder(String bench) {
      this.bench = bench;
    }

    Builder setting(String name, Object value) {
      settings.put(name, value.toString());
      return this;
    }

    /// Adds a figure and returns it.
    Figure figure(Figure figure) {
      figures.add(figure);
      return figure;
    }

    /// Adds a figure that stands for the bench, and returns it.
    Figure headline(Figure figure) {
      headlines.add(figure.name());
      return figure(figure);
    }

    /// What a headline is held against.
    Builder target(Target target) {
      targets.add(target);
      return this;
    }

    Builder note(String note) {
      notes.add(note);
      return this;
    }

    BenchReport build() {
      return new BenchReport(bench, machine, settings, figures, targets, headlines, notes);
    }
  }
}
