package dev.parley.shared.redis;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A bare subscriber that knows when it has everything: Redis writes a script's messages to the
/// subscribers before it answers the script, so that a PING sent afterwards is answered last.
final class TappedChannels implements AutoCloseable {

  private final Socket socket;
  private final InputStream in;

  TappedChannels(RedisSettings settings) {
    try {
      socket = new Socket(settings.host(), settings.port());
      socket.setSoTimeout(30_000);
      in = new BufferedInputStream(socket.getInputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void subscribe(String channel) {
    send("SUBSCRIBE " + channel);
    drainTo("subscribe");
  }

  void unsubscribe(String channel) {
    send("UNSUBSCRIBE " + channel);
    drainTo("unsubscribe");
  }

  /// What was published to the subscribed channels since the last call, as `channel message`.
  List<String> drain() {
    send("PING");
    return drainTo("pong");
  }

  private List<String> drainTo(String kind) {
    List<String> messages = new ArrayList<>();
    while (true) {
      List<String> frame = frame();
      if (frame.getFirst().equals(kind)) {
        return messages;
      }
      messages.add(frame.get(1) + " " + frame.get(2));
    }
  }

  private void send(String command) {
    try {
      socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// An array of strings; a lone `+PONG` (of a connection without subscriptions) is one of one.
  private List<String> frame() {
    try {
      String head = line();
      if (head.startsWith("+")) {
        return List.of(head.substring(1).toLowerCase(java.util.Locale.ROOT));
      }
      List<String> parts = new ArrayList<>();
      for (int i = Integer.parseInt(head.substring(1)); i > 0; i--) {
        String size = line();
        parts.add(size.startsWith("$") && !size.equals("$-1") ? text(size.substring(1)) : size);
      }
      return parts;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String text(String size) throws IOException {
    byte[] bytes = in.readNBytes(Integer.parseInt(size));
    in.skipNBytes(2);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\r'; c = in.read()) {
      if (c < 0) {
        throw new IOException("Redis closed the connection");
      }
      line.append((char) c);
    }
    in.skipNBytes(1);
    return line.toString();
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
