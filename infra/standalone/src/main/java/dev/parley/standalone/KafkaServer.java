package dev.parley.standalone;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;

/// The broker's child process: formats its directory once, then serves until SIGTERM.
///
/// A process of its own, so that it can be killed and restarted without the others, as in
/// production.
final class KafkaServer {
  private KafkaServer() {}

  /// @param arguments the settings file
  public static void main(String[] arguments) throws IOException {
    var file = Path.of(arguments[0]);
    var settings = new Properties();
    try (var in = Files.newBufferedReader(file)) {
      settings.load(in);
    }
    formatOnce(file, Path.of(settings.getProperty("log.dirs")));
    var server = new KafkaRaftServer(new KafkaConfig(settings), Time.SYSTEM);
    Runtime.getRuntime()
        .addShutdownHook(Thread.ofPlatform().name("stop-kafka").unstarted(server::shutdown));
    server.startup();
    server.awaitShutdown();
  }

  /// `meta.properties` is written last: a directory without it was never formatted to the end.
  private static void formatOnce(Path settings, Path directory) throws IOException {
    if (Files.exists(directory.resolve("meta.properties"))) {
      return;
    }
    Files.createDirectories(directory);
    var said = new ByteArrayOutputStream();
    var out = new PrintStream(said, true, StandardCharsets.UTF_8);
    String[] command = {
      "format", "--ignore-formatted", "-t", Uuid.randomUuid().toString(), "-c", settings.toString()
    };
    if (StorageTool.execute(command, out) != 0) {
      throw new IOException(
          directory + " cannot be formatted: " + said.toString(StandardCharsets.UTF_8));
    }
  }
}
