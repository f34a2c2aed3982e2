package dev.parley.worker.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/// A way to a server that a test plays itself.
final class FakeCalls implements Calls {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<Fake> all = new ArrayList<>();

  /// A call as the server sees it.
  static final class Fake implements Call {
    private final JsonNode body;
    private final Listener listener;
    private boolean cancelled;

    private Fake(JsonNode body, Listener listener) {
      this.body = body;
      this.listener = listener;
    }

    JsonNode body() {
      return body;
    }

    String message() {
      return body.at("/messages/0/content").asText();
    }

    Listener listener() {
      return listener;
    }

    boolean cancelled() {
      return cancelled;
    }

    @Override
    public void more() {
      // A test sends whenever it likes.
    }

    @Override
    public void cancel() {
      cancelled = true;
    }
  }

  /// Those that nobody closed.
  List<Fake> open() {
    return all.stream().filter(call -> !call.cancelled()).toList();
  }

  Fake open(String message) {
    return open().stream()
        .filter(call -> call.message().equals(message))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(message + " is not asked about"));
  }

  int count() {
    return all.size();
  }

  @Override
  public Call complete(byte[] body, Listener listener) {
    try {
      Fake call = new Fake(JSON.readTree(body), listener);
      all.add(call);
      return call;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void models(ModelsListener listener) {
    throw new UnsupportedOperationException("nobody asks here");
  }

  @Override
  public void close() {
    all.forEach(Fake::cancel);
  }
}
