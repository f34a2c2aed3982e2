package dev.parley.gateway.web;

import dev.parley.gateway.chat.TurnEvent;
import dev.parley.shared.openai.ApiError;
import dev.parley.shared.openai.CompletionWriter;
import dev.parley.shared.openai.CompletionWriter.Finish;
import dev.parley.shared.openai.SseEvent;
import dev.parley.shared.wire.TokenLogprob;
import dev.parley.shared.wire.Usage;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A completion as a stream of chunks, those of its choices mixed as they come. Once text is out it cannot be taken
/// back: an answer that starts over ends this stream with an error event, and so does a choice that fails.
final class StreamedCompletion {
  private final CompletionWriter completion;
  private final int choices;

  StreamedCompletion(CompletionWriter completion, int choices) {
    this.completion = completion;
    this.choices = choices;
  }

  void run(AnswerLoop loop, ServerResponse response) {
    try (SseWriter out = new SseWriter(response)) {
      for (int choice = 0; choice < choices; choice++) {
        out.send(SseEvent.data(completion.role(choice)));
      }
      if (loop.run(new Chunks(out)) == AnswerLoop.Outcome.UNSHOWABLE) {
        out.send(SseEvent.data(RESTARTED.toJson()));
      }
    } catch (IOException | UncheckedIOException e) {
      // Writing failed: the client closed its side.
      return;
    }
  }

  private static final ApiError RESTARTED =
      ApiError.failed(
          500,
          "answer_restarted",
          "The answer had to be started over and this stream cannot be rewritten. Please retry.");

  private final class Chunks implements AnswerLoop.Sink {
    private final SseWriter out;
    private final List<Usage> usages = new ArrayList<>();

    Chunks(SseWriter out) {
      this.out = out;
    }

    @Override
    public void position(int before) throws IOException {
      out.keepAlive();
    }

    @Override
    public void append(int choice, String added, int at, List<TokenLogprob> logprobs)
        throws IOException {
      out.send(SseEvent.data(completion.text(choice, added, logprobs)));
    }

    @Override
    public boolean replace(int choice, String whole) {
      return false;
    }

    @Override
    public boolean end(int choice, TurnEvent.Ended end, List<TokenLogprob> logprobs)
        throws IOException {
      Optional<ApiError> error = Refusals.error(end);
      if (error.isPresent()) {
        out.send(SseEvent.data(error.get().toJson()));
        return false;
      }
      if (!logprobs.isEmpty()) {
        append(choice, "", end.wholeText().length(), logprobs);
      }
      out.send(SseEvent.data(completion.end(choice, Finish.of(end.end()))));
      usages.add(end.usage());
      if (usages.size() == choices) {
        if (completion.usageAnnounced()) {
          out.send(SseEvent.data(completion.usage(Usage.ofChoices(usages))));
        }
        out.send(SseEvent.data(CompletionWriter.DONE));
      }
      return true;
    }

    @Override
    public void idle() throws IOException {
      out.keepAlive();
    }
  }
}
