package dev.parley.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.parley.shared.redis.RedisSettings;
import java.lang.management.ManagementFactory;
import java.util.regex.Pattern;
import redis.clients.jedis.Jedis;

/// Processor time that this process and a Redis have used. It says who works how much for a delta, and
/// hardly depends on who else uses the machine.
final class CpuClock implements AutoCloseable {
  private static final Pattern USED = Pattern.compile("used_cpu_(?:sys|user):([0-9.]+)");
  private static final double NANOS_PER_SECOND = 1e9;

  private final OperatingSystemMXBean system =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  private final Jedis redis;

  /// Seconds since each began, or between two readings.
  record Used(double jvm, double redis) {
    Used since(Used before) {
      return new Used(jvm - before.jvm, redis - before.redis);
    }
  }

  CpuClock(RedisSettings settings) {
    redis = new Jedis(settings.host(), settings.port());
  }

  Used read() {
    double server =
        USED.matcher(redis.info("cpu"))
            .results()
            .mapToDouble(found -> Double.parseDouble(found.group(1)))
            .sum();
    return new Used(system.getProcessCpuTime() / NANOS_PER_SECOND, server);
  }

  @Override
  public void close() {
    redis.close();
  }
}
