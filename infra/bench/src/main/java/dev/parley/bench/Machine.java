package dev.parley.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Properties;
import java.util.stream.Stream;

/// What the figures were measured on, and when.
///
/// @param load runnable threads per minute before the bench began: others that used the machine
record Machine(
    String date,
    String cpu,
    int cores,
    String memory,
    String system,
    String jdk,
    String kafka,
    double load) {
  private static final Path CPUS = Path.of("/proc/cpuinfo");

  static Machine here() {
    var system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    return new Machine(
        LocalDate.now(ZoneOffset.UTC).toString(),
        cpuName(),
        system.getAvailableProcessors(),
        String.format(Locale.ROOT, "%.1f GiB", system.getTotalMemorySize() / (double) (1 << 30)),
        System.getProperty("os.name") + " " + System.getProperty("os.arch"),
        System.getProperty("java.vendor.version") + " (" + Runtime.version() + ")",
        kafkaVersion(),
        system.getSystemLoadAverage());
  }

  private static String kafkaVersion() {
    try (InputStream in = Machine.class.getResourceAsStream("/kafka/kafka-version.properties")) {
      if (in == null) {
        return "unknown";
      }
      var properties = new Properties();
      properties.load(in);
      return properties.getProperty("version", "unknown");
    } catch (IOException e) {
      throw new UncheckedIOException("Kafka's version cannot be read", e);
    }
  }

  private static String cpuName() {
    if (!Files.isReadable(CPUS)) {
      return "unknown";
    }
    try (Stream<String> lines = Files.lines(CPUS)) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("unknown");
    } catch (IOException e) {
      // Only a label: the figures are good without it.
      return "unknown";
    }
  }
}
