package dev.parley.standalone;

import dev.parley.shared.config.ConfigException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.exceptions.JedisException;
import redis.embedded.core.ExecutableProvider;

/// A Redis server as a child process on 127.0.0.1, with its append-only file and its port in a
/// directory. Starting it again on the same directory finds everything but the last second.
public final class EmbeddedRedis {
  private static final Duration GRACE = Duration.ofSeconds(10);
  private static final int LEAST_MAJOR = 7;
  private static final Pattern VERSION = Pattern.compile("v=(\\d+)\\.");

  private final Path directory;
  private final Path log;
  private final Path program;
  private final int port;

  private EmbeddedRedis(Path directory, Path log, Path program, int port) {
    this.directory = directory;
    this.log = log;
    this.program = program;
    this.port = port;
  }

  /// Finds a server program, chooses a port and writes the settings.
  ///
  /// @param directory where everything is kept
  /// @param log where its output goes
  /// @throws ConfigException when there is no program that runs here
  public static EmbeddedRedis in(Path directory, Path log) {
    int port = Ports.remembered(directory.resolve("ports.properties"), "redis").getFirst();
    try {
      Files.writeString(directory.resolve("redis.conf"), settings(port));
      return new EmbeddedRedis(directory, log, findProgram(directory.resolve("program")), port);
    } catch (IOException e) {
      throw new UncheckedIOException(directory + " cannot be written", e);
    }
  }

  /// Where clients find it.
  public URI url() {
    return URI.create("redis://127.0.0.1:" + port);
  }

  /// The program that serves: Debian's or Valkey's, or the one inside the jar.
  public Path program() {
    return program;
  }

  /// Starts it without waiting.
  public ChildProcess start() {
    return ChildProcess.start(
        new ChildProcess.Command(
            "redis",
            List.of(
                program.toString(), directory.toAbsolutePath().resolve("redis.conf").toString()),
            Map.of(),
            directory,
            log,
            GRACE));
  }

  /// Waits until it answers, with its data loaded.
  ///
  /// @throws StartException when it ends before, or does not answer in time
  public void awaitReady(ChildProcess child, Duration limit) throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!answers()) {
      ChildProcesses.failIfOver(child, deadline);
    }
  }

  /// Forgets everything that was kept: what a test calls between two starts to lose all data.
  public void wipe() throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        var name = file.getFileName().toString();
        if (name.startsWith("appendonly") || name.endsWith(".rdb")) {
          Files.delete(file);
        }
      }
    }
  }

  private boolean answers() {
    if (!Ports.answers(port)) {
      return false;
    }
    try (var client = RedisClient.create(url())) {
      return client.ping().equals("PONG");
    } catch (JedisException e) {
      // Still loading its file: the caller asks again until its deadline.
      return false;
    }
  }

  /// The server program: the first installed one that is new enough, else the jar's.
  ///
  /// @param unpacked where the jar's program is put when it is needed
  /// @throws ConfigException when there is none that runs here
  static Path findProgram(Path unpacked) {
    var installed =
        Stream.of("redis-server", "valkey-server")
            .map(Programs::onPath)
            .flatMap(Optional::stream)
            .filter(EmbeddedRedis::isNewEnough)
            .findFirst();
    return installed.isPresent() ? installed.get() : fromJar(unpacked);
  }

  private static Path fromJar(Path directory) {
    try {
      Files.createDirectories(directory);
      var program = ExecutableProvider.newJarResourceProvider(directory.toFile()).get().toPath();
      if (version(program).isPresent()) {
        return program;
      }
    } catch (IOException e) {
      throw noProgram(e);
    }
    throw noProgram(new IOException("it does not run on this machine"));
  }

  private static ConfigException noProgram(IOException why) {
    return new ConfigException(
        "There is no Redis: install one (Debian: apt-get install redis-server). The program that"
            + " comes with Parley cannot be used: "
            + why.getMessage(),
        why);
  }

  private static boolean isNewEnough(Path program) {
    return version(program).filter(major -> major >= LEAST_MAJOR).isPresent();
  }

  /// The major version, or empty when the program does not run.
  private static Optional<Integer> version(Path program) {
    try {
      var process = new ProcessBuilder(program.toString(), "--version").start();
      var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      var matcher = VERSION.matcher(said);
      return matcher.find() ? Optional.of(Integer.valueOf(matcher.group(1))) : Optional.empty();
    } catch (IOException e) {
      // It does not run here (another architecture, a missing library): no version, not usable.
      return Optional.empty();
    }
  }

  private static String settings(int port) {
    return """
    # Written at each start.
    bind 127.0.0.1
    port %d
    daemonize no
    dir .
    # Every turn is in two places at once, so one second of it may be lost with a power cut.
    appendonly yes
    appendfsync everysec
    save ""
    # Scripts must be able to finish a turn: refuse writes rather than drop keys.
    maxmemory 512mb
    maxmemory-policy noeviction
    """
        .formatted(port);
  }
}
