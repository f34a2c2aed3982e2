package dev.parley.worker.engine;

import java.util.OptionalLong;

/// A sign of life.
///
/// @param steps made so far
/// @param stepStartedNanos `System.nanoTime()` at the start of the step under way, empty between steps
/// @param alive false once the engine's thread has ended
public record EngineProgress(long steps, OptionalLong stepStartedNanos, boolean alive) {}
