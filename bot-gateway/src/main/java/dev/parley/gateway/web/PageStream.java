package dev.parley.gateway.web;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.gateway.chat.AnswerView;
import dev.parley.gateway.chat.TurnEvent;
import dev.parley.shared.openai.SseEvent;
import dev.parley.shared.wire.TokenLogprob;
import java.io.IOException;
import java.util.List;

/// One turn as the page's server-sent events. Each event that changes text has an id from which
/// `Last-Event-ID` resumes.
final class PageStream implements AnswerLoop.Sink {
  private final SseWriter out;
  private final ShownText shown;

  PageStream(SseWriter out, ShownText shown) {
    this.out = out;
    this.shown = shown;
  }

  /// The first event: where the turn stands, and all text from `from` on (what the client said it
  /// has lies before).
  void snapshot(AnswerView view) throws IOException {
    int from = shown.sent();
    ShownText.Change change = shown.whole(view.text());
    ObjectNode data = object();
    data.put("state", view.state().name());
    data.put("before", view.before());
    data.put("from", from);
    data.put("text", change instanceof ShownText.Change.Append append ? append.added() : "");
    out.send(SseEvent.resumable("snapshot", shown.mark(), data.toString()));
  }

  @Override
  public void position(int before) throws IOException {
    out.send(SseEvent.named("position", object().put("before", before).toString()));
  }

  @Override
  public void append(int choice, String added, int at, List<TokenLogprob> logprobs)
      throws IOException {
    ObjectNode data = object().put("at", at).put("text", added);
    out.send(SseEvent.resumable("text", shown.mark(), data.toString()));
  }

  @Override
  public boolean replace(int choice, String whole) throws IOException {
    ObjectNode data = object().put("text", whole);
    out.send(SseEvent.resumable("restart", shown.mark(), data.toString()));
    return true;
  }

  @Override
  public boolean end(int choice, TurnEvent.Ended end, List<TokenLogprob> logprobs)
      throws IOException {
    ObjectNode data = object();
    data.put("end", end.end().name());
    data.put("answered", end.end().answered());
    data.put("sentence", end.sentence().isEmpty() ? end.end().sentence() : end.sentence());
    data.putObject("usage")
        .put("promptTokens", end.usage().promptTokens())
        .put("completionTokens", end.usage().completionTokens());
    out.send(SseEvent.named("end", data.toString()));
    return true;
  }

  @Override
  public void idle() throws IOException {
    out.keepAlive();
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }
}
