package dev.parley.gateway.web;

import dev.parley.gateway.chat.TurnEvent;
import dev.parley.shared.openai.ApiError;
import dev.parley.shared.openai.CompletionWriter;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerResponse;
import java.util.Optional;

/// A completion as one response, written when the turn has ended.
final class WholeCompletion {
  private final CompletionWriter completion;

  WholeCompletion(CompletionWriter completion) {
    this.completion = completion;
  }

  /// @return whether the client was sent an answer
  /// @throws CloseConnectionException when it went away before
  boolean run(AnswerLoop loop, ServerResponse response) {
    return switch (loop.run(new LastWord(response))) {
      case ENDED -> true;
      case GONE, UNSHOWABLE ->
          throw new CloseConnectionException("the client closed its connection");
    };
  }

  private final class LastWord implements AnswerLoop.Sink {
    private final ServerResponse response;

    LastWord(ServerResponse response) {
      this.response = response;
    }

    @Override
    public void position(int before) {}

    @Override
    public void append(String added, int at) {}

    @Override
    public boolean replace(String whole) {
      // Nothing was sent yet.
      return true;
    }

    @Override
    public void end(TurnEvent.Ended end) {
      Optional<ApiError> error = Refusals.error(end);
      if (error.isPresent()) {
        Replies.error(response, error.get());
      } else {
        Replies.json(
            response, 200, completion.whole(end.wholeText(), Refusals.finish(end), end.usage()));
      }
    }

    @Override
    public void idle() {}
  }
}
