package dev.parley.standalone;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Finds programs on the PATH, and this program's own command line.
public final class Programs {
  private Programs() {}

  /// The first executable file of this name on the PATH.
  public static Optional<Path> onPath(String program) {
    var path = Optional.ofNullable(System.getenv("PATH")).orElse("/usr/bin:/bin");
    return Stream.of(path.split(File.pathSeparator))
        .map(directory -> Path.of(directory, program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /// A JVM like this one, with the same classes.
  ///
  /// @param heapMib the most heap it may take
  /// @param mainClass what it runs
  public static List<String> java(int heapMib, String mainClass, String... arguments) {
    var line = new ArrayList<String>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.add("-Xmx" + heapMib + "m");
    line.add("-XX:+ExitOnOutOfMemoryError");
    line.add("-XX:+UseSerialGC");
    line.add("--enable-native-access=ALL-UNNAMED");
    line.add("--sun-misc-unsafe-memory-access=allow");
    line.add("-cp");
    line.add(absolute(System.getProperty("java.class.path")));
    line.add(mainClass);
    line.addAll(List.of(arguments));
    return line;
  }

  /// A child may run in another directory.
  private static String absolute(String classPath) {
    return Stream.of(classPath.split(File.pathSeparator))
        .map(entry -> Path.of(entry).toAbsolutePath().toString())
        .collect(Collectors.joining(File.pathSeparator));
  }
}
