package dev.parley.shared.fetch;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// The pinned build of llama.cpp's libraries for one platform.
///
/// @param platform npm's name: `linux-x64`
/// @param bytes how much is fetched
/// @param files the libraries' names and SHA-256
record Natives(String platform, long bytes, Map<String, String> files) {
  static final String VERSION = "3.22.1";

  private static final String TABLE = "natives.sha256";
  private static final Map<String, String> PLATFORMS =
      Map.of("amd64", "linux-x64", "aarch64", "linux-arm64");
  private static final Map<String, Long> FETCHED_BYTES =
      Map.of("linux-x64", 10_824_547L, "linux-arm64", 7_340_902L);

  /// The build for a platform, as Java names it.
  static Natives of(String os, String arch) {
    var platform =
        Optional.ofNullable(PLATFORMS.get(arch))
            .filter(name -> os.equals("Linux"))
            .orElseThrow(() ->
                new FetchException(
                    "There is no pinned llama.cpp for "
                        + os
                        + " on "
                        + arch
                        + ": set PARLEY_LIB_DIR to a directory with a build of release v0.5.0."));
    return new Natives(
        platform, Objects.requireNonNull(FETCHED_BYTES.get(platform)), pinned(platform));
  }

  String packageName() {
    return "@node-llama-cpp/" + platform;
  }

  /// Whether every library is there and is the pinned one; else the first that is not.
  Optional<String> firstWrong(Path directory) throws IOException {
    for (var file : files.entrySet()) {
      if (!Checksum.matches(directory.resolve(file.getKey()), file.getValue())) {
        return Optional.of(file.getKey());
      }
    }
    return Optional.empty();
  }

  /// Fetches, checks and publishes the libraries.
  void fetch(Aside aside, Path target, PackageClient client) throws IOException {
    var instead = "Or set PARLEY_LIB_DIR to a directory with llama.cpp's libraries.";
    var what = "llama.cpp's libraries (" + packageName() + " " + VERSION + ")";
    var unpacked = Files.createDirectories(aside.directory().resolve(platform));
    client.run(
        aside.directory(),
        List.of("npm", "pack", "--silent", packageName() + "@" + VERSION),
        what,
        bytes,
        instead);
    client.run(
        aside.directory(),
        List.of(
            "tar",
            "-xzf",
            "node-llama-cpp-" + platform + "-" + VERSION + ".tgz",
            "-C",
            unpacked.toString(),
            "--strip-components=3",
            "package/bins/" + platform),
        what,
        bytes,
        instead);
    var wrong = firstWrong(unpacked);
    if (wrong.isPresent()) {
      throw new FetchException(
          what + ": " + wrong.get() + " is not the pinned file; nothing was kept. " + instead);
    }
    dropUnpinned(unpacked);
    Aside.publish(unpacked, target);
  }

  /// What nobody checked is not kept beside what is loaded.
  private void dropUnpinned(Path directory) throws IOException {
    try (var unpacked = Files.newDirectoryStream(directory)) {
      for (var file : unpacked) {
        if (!files.containsKey(file.getFileName().toString())) {
          Files.delete(file);
        }
      }
    }
  }

  private static Map<String, String> pinned(String platform) {
    var files = new LinkedHashMap<String, String>();
    try (InputStream in = Objects.requireNonNull(Natives.class.getResourceAsStream(TABLE));
        var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      lines
          .lines()
          .map(line -> line.split(" +", 2))
          .filter(line -> line[1].startsWith(platform + "/"))
          .forEach(line -> files.put(line[1].substring(platform.length() + 1), line[0]));
    } catch (IOException e) {
      throw new IllegalStateException("the jar's own " + TABLE + " cannot be read", e);
    }
    return files;
  }
}
