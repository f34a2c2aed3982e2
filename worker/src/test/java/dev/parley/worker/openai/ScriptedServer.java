package dev.parley.worker.openai;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.shared.runtime.Threads;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/// A server on bare sockets that does to each request what the script for its last message says; an unknown
/// message is answered with `Hello, world.` One request a connection.
final class ScriptedServer implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  /// What is done to a request.
  interface Script {
    /// @param tries requests with this message, this one included
    void answer(Reply reply, int tries) throws IOException;
  }

  private final ServerSocket socket;
  private final Map<String, Script> scripts = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> tries = new ConcurrentHashMap<>();
  private final List<JsonNode> bodies = new CopyOnWriteArrayList<>();
  private final List<String> heads = new CopyOnWriteArrayList<>();
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicInteger mostOpen = new AtomicInteger();
  private final AtomicInteger cutRequests = new AtomicInteger();

  ScriptedServer() {
    try {
      socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Threads.start("scripted-server", this::accept);
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/v1");
  }

  void when(String message, Script script) {
    scripts.put(message, script);
  }

  int tries(String message) {
    AtomicInteger count = tries.get(message);
    return count == null ? 0 : count.get();
  }

  /// Completions whose connection is open.
  int open() {
    return open.get();
  }

  int mostOpen() {
    return mostOpen.get();
  }

  /// Requests that found their connection closed.
  int cutRequests() {
    return cutRequests.get();
  }

  /// The bodies of all completion requests.
  List<JsonNode> bodies() {
    return bodies;
  }

  /// The lines before each of these.
  List<String> heads() {
    return heads;
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket connection = socket.accept();
        Threads.start("scripted-reply", () -> serve(connection));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket connection) {
    try (connection;
        InputStream in = new BufferedInputStream(connection.getInputStream());
        OutputStream out = connection.getOutputStream()) {
      String head = head(in);
      Reply reply = new Reply(connection, in, out, cutRequests);
      if (head.startsWith("GET")) {
        reply.whole(200, "", "{\"data\":[{\"id\":\"scripted\"}]}");
      } else {
        mostOpen.accumulateAndGet(open.incrementAndGet(), Math::max);
        try {
          complete(head, JSON.readTree(in.readNBytes(length(head))), reply);
        } finally {
          open.decrementAndGet();
        }
      }
    } catch (IOException e) {
      // The client has left: so do we.
      return;
    }
  }

  private void complete(String head, JsonNode body, Reply reply) throws IOException {
    heads.add(head);
    bodies.add(body);
    JsonNode messages = body.path("messages");
    String message = messages.path(messages.size() - 1).path("content").asText();
    int count = tries.computeIfAbsent(message, m -> new AtomicInteger()).incrementAndGet();
    scripts.getOrDefault(message, (r, n) -> r.hello()).answer(reply, count);
  }

  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("the client left");
      }
      head.append((char) next);
    }
    return head.toString();
  }

  private static int length(String head) {
    return head.lines()
        .filter(line -> line.regionMatches(true, 0, "content-length:", 0, 15))
        .mapToInt(line -> Integer.parseInt(line.substring(15).strip()))
        .findFirst()
        .orElse(0);
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The way back to one client.
  record Reply(Socket connection, InputStream in, OutputStream out, AtomicInteger cutRequests) {

    void hello() throws IOException {
      stream();
      text("Hello, ");
      text("world.");
      finish("stop");
      event(
          "{\"choices\":[],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":3,"
              + "\"prompt_tokens_details\":{\"cached_tokens\":4}}}");
      done();
    }

    /// Begins an event stream.
    void stream() throws IOException {
      begin("text/event-stream; charset=utf-8");
    }

    /// Begins an event stream with this text.
    void begun(String text) throws IOException {
      stream();
      text(text);
    }

    void begin(String contentType) throws IOException {
      write(
          "HTTP/1.1 200 OK\r\nContent-Type: "
              + contentType
              + "\r\nTransfer-Encoding: chunked\r\n\r\n");
    }

    void text(String text) throws IOException {
      event(
          "{\"choices\":[{\"index\":0,\"delta\":{\"content\":"
              + JSON.writeValueAsString(text)
              + "},\"finish_reason\":null}]}");
    }

    void finish(String reason) throws IOException {
      event("{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"" + reason + "\"}]}");
    }

    void event(String data) throws IOException {
      piece(("data: " + data + "\n\n").getBytes(UTF_8));
    }

    /// A chunk of the body.
    void piece(byte[] bytes) throws IOException {
      write(Integer.toHexString(bytes.length) + "\r\n");
      out.write(bytes);
      write("\r\n");
    }

    void done() throws IOException {
      event("[DONE]");
      end();
    }

    /// Ends the body as it should end.
    void end() throws IOException {
      write("0\r\n\r\n");
    }

    /// A reply with a length.
    void whole(int status, String headers, String body) throws IOException {
      byte[] bytes = body.getBytes(UTF_8);
      write(
          "HTTP/1.1 "
              + status
              + " Said so\r\nContent-Type: application/json\r\nConnection: close\r\n"
              + headers
              + "Content-Length: "
              + bytes.length
              + "\r\n\r\n");
      out.write(bytes);
      out.flush();
    }

    /// Says nothing more until the client leaves.
    void hang() throws IOException {
      while (in.read() >= 0) {
        // What a client sends after its request is nothing.
      }
    }

    /// Closes the connection when the next request begins on it.
    void leaveAtNextRequest() throws IOException {
      if (in.read() >= 0) {
        cutRequests.incrementAndGet();
      }
    }

    private void write(String text) throws IOException {
      out.write(text.getBytes(ISO_8859_1));
      out.flush();
    }
  }
}
