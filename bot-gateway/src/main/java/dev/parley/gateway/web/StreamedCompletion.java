package dev.parley.gateway.web;

import dev.parley.gateway.chat.TurnEvent;
import dev.parley.shared.openai.ApiError;
import dev.parley.shared.openai.CompletionWriter;
import dev.parley.shared.openai.SseEvent;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/// A completion as a stream of chunks. Once text is out it cannot be taken back: an answer that
/// starts over ends this stream with an error event.
final class StreamedCompletion {
  private final CompletionWriter completion;

  StreamedCompletion(CompletionWriter completion) {
    this.completion = completion;
  }

  /// @return whether the client saw the stream's end
  boolean run(AnswerLoop loop, ServerResponse response) {
    try (SseWriter out = new SseWriter(response)) {
      out.send(SseEvent.data(completion.role()));
      return switch (loop.run(new Chunks(out))) {
        case ENDED -> true;
        case GONE -> false;
        case UNSHOWABLE -> {
          out.send(SseEvent.data(RESTARTED.toJson()));
          yield false;
        }
      };
    } catch (IOException | UncheckedIOException e) {
      // Writing failed: the client closed its side.
      return false;
    }
  }

  private static final ApiError RESTARTED =
      ApiError.failed(
          500,
          "answer_restarted",
          "The answer had to be started over and this stream cannot be rewritten. Please retry.");

  private final class Chunks implements AnswerLoop.Sink {
    private final SseWriter out;

    Chunks(SseWriter out) {
      this.out = out;
    }

    @Override
    public void position(int before) throws IOException {
      out.keepAlive();
    }

    @Override
    public void append(String added, int at) throws IOException {
      out.send(SseEvent.data(completion.text(added)));
    }

    @Override
    public boolean replace(String whole) {
      return false;
    }

    @Override
    public void end(TurnEvent.Ended end) throws IOException {
      Optional<ApiError> error = Refusals.error(end);
      if (error.isPresent()) {
        out.send(SseEvent.data(error.get().toJson()));
        return;
      }
      out.send(SseEvent.data(completion.end(Refusals.finish(end))));
      if (completion.usageAnnounced()) {
        out.send(SseEvent.data(completion.usage(end.usage())));
      }
      out.send(SseEvent.data(CompletionWriter.DONE));
    }

    @Override
    public void idle() throws IOException {
      out.keepAlive();
    }
  }
}
