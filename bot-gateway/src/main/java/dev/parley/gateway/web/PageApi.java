package dev.parley.gateway.web;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.gateway.chat.AnswerView;
import dev.parley.gateway.chat.Exchange;
import dev.parley.gateway.chat.InboundMessage;
import dev.parley.gateway.chat.Submission;
import dev.parley.gateway.chat.Turns;
import dev.parley.shared.openai.ApiError;
import dev.parley.shared.openai.InvalidRequest;
import dev.parley.shared.turn.TurnRef;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/// What the chat page and the terminal call:
///
/// - `POST /api/turns` takes a message whose id the client made; repeating it is harmless.
/// - `GET /api/turns/{conversation}/{id}/events` streams the turn: one `snapshot`, then `position`,
///   `text`, `restart`, and `end` as the last. `Last-Event-ID` resumes after what the client has; any
///   gateway can serve it.
/// - `POST /api/turns/{conversation}/{id}/cancel` stops it.
/// - `GET /api/conversations/{conversation}` lists the finished exchanges.
///
/// A conversation belongs to the tenant of the key; its id is a random secret of the client.
final class PageApi implements HttpService {
  private final Turns turns;
  private final WebSettings settings;
  private final Access access;
  private final PageMessageParser parser;

  PageApi(Turns turns, WebSettings settings, Access access) {
    this.turns = turns;
    this.settings = settings;
    this.access = access;
    this.parser = new PageMessageParser(settings.limits());
  }

  @Override
  public void routing(HttpRules rules) {
    rules
        .post("/turns", this::submit)
        .get("/turns/{conversation}/{id}/events", this::events)
        .post("/turns/{conversation}/{id}/cancel", this::cancel)
        .get("/conversations/{conversation}", this::history)
        .any((request, response) ->
            Replies.error(response, ApiError.notFound("There is nothing at this address.")));
  }

  private void submit(ServerRequest request, ServerResponse response) {
    String tenant = access.tenant(request);
    byte[] body = Bodies.read(request, settings.limits().request().maxBodyBytes());
    InboundMessage message = parser.parse(body, tenant, Seeds.fresh(settings.sampling()));
    // The events come by a request of their own.
    switch (turns.submit(message, event -> {})) {
      case Submission.Refused refused -> Replies.error(response, Refusals.error(refused));
      case Submission.Accepted accepted -> {
        accepted.subscription().close();
        accepted(response, message.ref(), 202, accepted.before(), false);
      }
      case Submission.Existing existing -> {
        existing.subscription().close();
        AnswerView view = existing.view();
        accepted(response, message.ref(), 200, view.before(), view.end().isPresent());
      }
    }
  }

  private static void accepted(
      ServerResponse response, TurnRef turn, int status, int before, boolean ended) {
    ObjectNode reply = JsonNodeFactory.instance.objectNode();
    reply.put("turn", turn.turnId());
    reply.put("before", before);
    reply.put("ended", ended);
    Replies.json(response, status, reply.toString());
  }

  private void events(ServerRequest request, ServerResponse response) {
    TurnRef turn = turn(request);
    AnswerView view =
        turns
            .view(turn)
            .orElseThrow(() ->
                new InvalidRequest(
                    ApiError.notFound("This message is not known here. Please send it again.")));
    ShownText shown = new ShownText();
    request
        .headers()
        .first(HeaderNames.create("Last-Event-ID"))
        .ifPresent(mark -> shown.resume(view.text(), mark));
    PendingEvents events = new PendingEvents(1, settings.limits().maxPendingCharacters());
    try (SseWriter out = new SseWriter(response)) {
      PageStream stream = new PageStream(out, shown);
      stream.snapshot(view);
      try (var _ = turns.watch(turn, events.listener(0))) {
        List<ShownAnswer> answer = List.of(new ShownAnswer(turn, shown));
        new AnswerLoop(turns, answer, events, settings.limits().heartbeat()).run(stream);
      }
    } catch (IOException | UncheckedIOException e) {
      // The page closed the stream; it comes back if it wants to, and the turn goes on.
      return;
    }
  }

  private void cancel(ServerRequest request, ServerResponse response) {
    boolean cancelled = turns.cancel(turn(request));
    Replies.json(
        response,
        200,
        JsonNodeFactory.instance.objectNode().put("cancelled", cancelled).toString());
  }

  private void history(ServerRequest request, ServerResponse response) {
    String conversation =
        PageMessageParser.conversation(
            access.tenant(request), request.path().pathParameters().get("conversation"));
    ObjectNode reply = JsonNodeFactory.instance.objectNode();
    ArrayNode exchanges = reply.putArray("exchanges");
    for (Exchange exchange : turns.history(conversation)) {
      ObjectNode node = exchanges.addObject();
      node.put("turn", exchange.turnId());
      node.put("user", exchange.userText());
      node.put("answer", exchange.answerText());
      node.put("answered", exchange.end().answered());
      node.put(
          "sentence",
          Optional.of(exchange.sentence())
              .filter(s -> !s.isEmpty())
              .orElse(exchange.end().sentence()));
    }
    Replies.json(response, 200, reply.toString());
  }

  private TurnRef turn(ServerRequest request) {
    String tenant = access.tenant(request);
    var path = request.path().pathParameters();
    return InboundMessage.refOf(
        PageMessageParser.conversation(tenant, path.get("conversation")),
        PageMessageParser.messageId(path.get("id")));
  }
}
