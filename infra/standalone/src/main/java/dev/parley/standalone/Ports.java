package dev.parley.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/// Free ports of 127.0.0.1, also remembered in a file, so that a restart finds its servers where they
/// were. A remembered port that somebody else took meanwhile is replaced.
public final class Ports {
  private static final int CONNECT_MILLIS = 500;

  private Ports() {}

  /// One port for each name.
  ///
  /// @param file where they are remembered
  public static List<Integer> remembered(Path file, String... names) {
    var known = new Properties();
    try {
      if (Files.exists(file)) {
        try (var in = Files.newBufferedReader(file)) {
          known.load(in);
        }
      }
      var ports = new ArrayList<Integer>();
      for (var name : names) {
        ports.add(choose(known.getProperty(name, "0"), ports));
        known.setProperty(name, String.valueOf(ports.getLast()));
      }
      Files.createDirectories(file.toAbsolutePath().getParent());
      try (var out = Files.newBufferedWriter(file)) {
        known.store(out, "Ports of the embedded servers");
      }
      return List.copyOf(ports);
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be used: " + e.getMessage(), e);
    }
  }

  /// A port that nobody has now.
  public static int free() {
    try {
      return free(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Whether somebody listens there.
  public static boolean answers(int port) {
    return answers("127.0.0.1", port);
  }

  /// Whether somebody listens on another machine's port.
  static boolean answers(String host, int port) {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, port), CONNECT_MILLIS);
      return true;
    } catch (IOException e) {
      // Nobody listens: that is the answer.
      return false;
    }
  }

  private static int choose(String remembered, List<Integer> taken) throws IOException {
    int port = remembered.matches("\\d{1,5}") ? Integer.parseInt(remembered) : 0;
    if (port > 0 && port <= 65_535 && !taken.contains(port) && isFree(port)) {
      return port;
    }
    int fresh = free(0);
    return taken.contains(fresh) ? choose("0", taken) : fresh;
  }

  private static boolean isFree(int port) {
    try {
      return free(port) == port;
    } catch (IOException e) {
      // Taken: the caller chooses another.
      return false;
    }
  }

  private static int free(int port) throws IOException {
    try (var probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return probe.getLocalPort();
    }
  }
}
