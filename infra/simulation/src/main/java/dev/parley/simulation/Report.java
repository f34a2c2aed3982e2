package dev.parley.simulation;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What one or many runs saw.
///
/// @param counts of state transitions (`A -> B`) and of what the machines counted
/// @param takeOvers runs in which an attempt took a turn over from another
/// @param exempt runs in which Redis and an owner were lost together: the written exception
/// @param failed seeds that broke a promise, with what they broke
public record Report(
    long runs,
    Map<Fault, Long> faults,
    Map<String, Long> counts,
    long takeOvers,
    long exempt,
    Map<Long, List<String>> failed) {

  static Report of(long seed, World world, Checker checker) {
    Map<Fault, Long> faults = new EnumMap<>(Fault.class);
    world.faults().forEach((fault, n) -> faults.put(fault, n.longValue()));
    return new Report(
        1,
        faults,
        world.counts(),
        world.takenOver() ? 1 : 0,
        checker.exempt() ? 1 : 0,
        world.violations().isEmpty() ? Map.of() : Map.of(seed, world.violations()));
  }

  /// No runs yet.
  public static Report empty() {
    return new Report(0, new EnumMap<>(Fault.class), new TreeMap<>(), 0, 0, new TreeMap<>());
  }

  /// Both together; for this one, mutable maps.
  public Report plus(Report other) {
    other.faults.forEach((fault, n) -> faults.merge(fault, n, Long::sum));
    other.counts.forEach((what, n) -> counts.merge(what, n, Long::sum));
    failed.putAll(other.failed);
    return new Report(
        runs + other.runs,
        faults,
        counts,
        takeOvers + other.takeOvers,
        exempt + other.exempt,
        failed);
  }
}
