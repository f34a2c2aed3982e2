package dev.parley.bench;

/// Deltas per second of one way from workers to a gateway, and the processor time of each, in
/// microseconds.
///
/// @param jvmMicros of this process, which is worker and gateway
record Speed(double perSecond, double jvmMicros, double redisMicros) {
  private static final double NANOS_PER_SECOND = 1e9;
  private static final double MICROS_PER_SECOND = 1e6;

  /// Sends deltas, and returns when all have arrived.
  interface Way {
    void run() throws InterruptedException;
  }

  static Speed of(long deltas, CpuClock clock, Way way) throws InterruptedException {
    CpuClock.Used before = clock.read();
    long began = System.nanoTime();
    way.run();
    long took = System.nanoTime() - began;
    CpuClock.Used used = clock.read().since(before);
    return new Speed(
        deltas * NANOS_PER_SECOND / took,
        used.jvm() * MICROS_PER_SECOND / deltas,
        used.redis() * MICROS_PER_SECOND / deltas);
  }
}
