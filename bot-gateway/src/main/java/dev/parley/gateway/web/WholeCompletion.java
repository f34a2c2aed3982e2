package dev.parley.gateway.web;

import dev.parley.gateway.chat.TurnEvent;
import dev.parley.shared.openai.ApiError;
import dev.parley.shared.openai.CompletionWriter;
import dev.parley.shared.openai.CompletionWriter.Finish;
import dev.parley.shared.wire.TokenLogprob;
import dev.parley.shared.wire.Usage;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// A completion as one response, written when the turns of all its choices have ended, or one of them in an error.
final class WholeCompletion {
  private final CompletionWriter completion;
  private final int choices;

  WholeCompletion(CompletionWriter completion, int choices) {
    this.completion = completion;
    this.choices = choices;
  }

  /// @throws CloseConnectionException when it went away before
  void run(AnswerLoop loop, ServerResponse response) {
    if (loop.run(new LastWord(response)) != AnswerLoop.Outcome.ENDED) {
      throw new CloseConnectionException("the client closed its connection");
    }
  }

  private final class LastWord implements AnswerLoop.Sink {
    private final ServerResponse response;
    private final List<List<TokenLogprob>> logprobs;
    private final Map<Integer, TurnEvent.Ended> ends = new TreeMap<>();

    LastWord(ServerResponse response) {
      this.response = response;
      this.logprobs = new ArrayList<>();
      for (int choice = 0; choice < choices; choice++) {
        logprobs.add(new ArrayList<>());
      }
    }

    @Override
    public void position(int before) {}

    @Override
    public void append(int choice, String added, int at, List<TokenLogprob> told) {
      logprobs.get(choice).addAll(told);
    }

    @Override
    public boolean replace(int choice, String whole) {
      // Nothing was sent yet.
      logprobs.get(choice).clear();
      return true;
    }

    @Override
    public boolean end(int choice, TurnEvent.Ended end, List<TokenLogprob> told) {
      Optional<ApiError> error = Refusals.error(end);
      if (error.isPresent()) {
        Replies.error(response, error.get());
        return false;
      }
      logprobs.get(choice).addAll(told);
      ends.put(choice, end);
      if (ends.size() == choices) {
        Replies.json(response, 200, whole());
      }
      return true;
    }

    private String whole() {
      List<CompletionWriter.Choice> answers = new ArrayList<>();
      ends.forEach((choice, end) ->
          answers.add(
              new CompletionWriter.Choice(
                  end.wholeText(), logprobs.get(choice), Finish.of(end.end()))));
      return completion.whole(
          answers, Usage.ofChoices(ends.values().stream().map(TurnEvent.Ended::usage).toList()));
    }

    @Override
    public void idle() {}
  }
}
