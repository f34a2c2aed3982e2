package dev.parley.worker.openai;

import java.time.Duration;
import java.util.List;

/// The way to the server. What it brings is told on the engine's thread, in order.
interface Calls extends AutoCloseable {

  /// Asks for a streamed completion.
  Call complete(byte[] body, Listener listener);

  /// Asks what models there are, which also shows whether the server answers.
  void models(ModelsListener listener);

  /// Breaks off whatever is under way.
  @Override
  void close();

  /// A call under way.
  interface Call {
    /// Lets the next piece of the body come; one comes unasked.
    void more();

    /// Closes the connection. What was on its way is still told.
    void cancel();
  }

  /// What is told about a call: it began, bytes, and then that it is over in one of two ways.
  interface Listener {
    /// @param contentType lower case; empty if there is none
    /// @param retryAfter zero if the server named none
    void began(int status, String contentType, Duration retryAfter);

    void bytes(byte[] bytes);

    void finished();

    void broke(Failure failure);
  }

  /// What is told about the models.
  interface ModelsListener {
    void models(List<String> names);

    void failed(Failure failure);
  }
}
