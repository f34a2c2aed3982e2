package dev.parley.system.path;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/// Cuts one direction of a Redis connection into whole commands or replies.
final class RespFrames {

  /// A command, a reply or a message as it came.
  static final class Frame {
    private final List<String> words;
    private final byte[] bytes;

    private Frame(List<String> words, byte[] bytes) {
      this.words = List.copyOf(words);
      this.bytes = bytes;
    }

    /// Its strings, in order: a command's name and arguments; `message`, channel and text.
    List<String> words() {
      return words;
    }

    void writeTo(OutputStream out) throws IOException {
      out.write(bytes);
    }

    boolean isMessage() {
      return words.size() == 3 && words.getFirst().equals("message");
    }

    /// What was published.
    String text() {
      return words.getLast();
    }
  }

  private final InputStream in;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final List<String> words = new ArrayList<>();

  RespFrames(InputStream in) {
    this.in = new BufferedInputStream(in);
  }

  /// The next frame.
  ///
  /// @throws EOFException at the end
  Frame next() throws IOException {
    bytes.reset();
    words.clear();
    value();
    return new Frame(words, bytes.toByteArray());
  }

  private void value() throws IOException {
    String line = line();
    switch (line.charAt(0)) {
      case '$', '=', '!' -> bulk(length(line));
      case '*', '~', '>' -> values(length(line));
      case '%' -> values(2 * length(line));
      case '+', '-', ':', '_', '#', ',', '(' -> words.add(line.substring(1));
      default -> throw new IOException("not Redis's protocol: " + line);
    }
  }

  private void values(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      value();
    }
  }

  /// A string of so many bytes; a negative number says that there is none.
  private void bulk(int length) throws IOException {
    if (length < 0) {
      return;
    }
    byte[] text = in.readNBytes(length + 2);
    if (text.length < length + 2) {
      throw new EOFException();
    }
    bytes.writeBytes(text);
    words.add(new String(text, 0, length, UTF_8));
  }

  private static int length(String line) {
    return Integer.parseInt(line.substring(1));
  }

  /// Up to the next line break, which is not part of it.
  private String line() throws IOException {
    var text = new ByteArrayOutputStream();
    int next = in.read();
    while (next != '\r') {
      if (next < 0) {
        throw new EOFException();
      }
      text.write(next);
      next = in.read();
    }
    bytes.writeBytes(text.toByteArray());
    bytes.write('\r');
    bytes.write(in.read());
    return text.toString(UTF_8);
  }
}
