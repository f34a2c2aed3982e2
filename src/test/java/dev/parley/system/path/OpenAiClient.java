package dev.parley.system.path;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.standalone.Directories;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/// One of OpenAI's own clients with a script that uses it. It is installed under `target/openai` once, at
/// the versions that a file beside the script names; from then on no network is needed.
enum OpenAiClient {
  PYTHON("requirements.txt", "client.py"),
  NODE("package.json", "client.js");

  private static final ObjectMapper JSON = new ObjectMapper();

  private final String versions;
  private final String script;

  OpenAiClient(String versions, String script) {
    this.versions = versions;
    this.script = script;
  }

  /// Runs the script against a gateway.
  ///
  /// @param stop a word of the answer to stop at
  /// @return what it saw
  JsonNode run(URI gateway, String stop) {
    Path directory = Path.of("target", "openai", name()).toAbsolutePath();
    install(directory);
    write(directory.resolve(script), resource(script));
    String said = execute(directory, "run", program(directory), script, gateway.toString(), stop);
    try {
      return JSON.readTree(said);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("not JSON: " + said, e);
    }
  }

  private String program(Path directory) {
    return switch (this) {
      case PYTHON -> directory.resolve("venv").resolve("bin").resolve("python").toString();
      case NODE -> "node";
    };
  }

  /// Does nothing when these versions are there.
  private void install(Path directory) {
    Path marker = directory.resolve("installed");
    String wanted = resource(versions);
    if (Files.exists(marker) && read(marker).equals(wanted)) {
      return;
    }
    Directories.delete(directory);
    write(directory.resolve(versions), wanted);
    switch (this) {
      case PYTHON -> {
        execute(directory, "venv", "python3", "-m", "venv", "venv");
        execute(directory, "pip", program(directory), "-m", "pip", "install", "-r", versions);
      }
      case NODE ->
          execute(
              directory, "npm", "npm", "install", "--no-package-lock", "--no-audit", "--no-fund");
    }
    write(marker, wanted);
  }

  /// @return what the program wrote
  private static String execute(Path directory, String name, String... line) {
    try (Launched program = Launched.program(directory, name, List.of(line))) {
      int code = program.awaitExit();
      if (code != 0) {
        throw new IllegalStateException(
            "%s ended with %d:%n%s%n%s"
                .formatted(String.join(" ", line), code, program.out(), program.err()));
      }
      return program.out();
    }
  }

  private static String resource(String name) {
    try (var in = OpenAiClient.class.getResourceAsStream("/openai/" + name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(Path file, String text) {
    try {
      Files.createDirectories(Objects.requireNonNull(file.getParent()));
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
