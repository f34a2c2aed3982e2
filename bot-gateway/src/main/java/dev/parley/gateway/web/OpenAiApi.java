package dev.parley.gateway.web;

import dev.parley.gateway.chat.InboundMessage;
import dev.parley.gateway.chat.Submission;
import dev.parley.gateway.chat.Turns;
import dev.parley.shared.openai.ApiError;
import dev.parley.shared.openai.ChatRequest;
import dev.parley.shared.openai.ChatRequestParser;
import dev.parley.shared.openai.CompletionWriter;
import dev.parley.shared.openai.InvalidRequest;
import dev.parley.shared.openai.Parsed;
import dev.parley.shared.wire.Lane;
import dev.parley.shared.wire.ReplyAddress;
import dev.parley.shared.wire.TurnRequest;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;

/// `/v1/chat/completions` and `/v1/models`: what OpenAI clients expect, answered by turns.
///
/// Each request is a conversation of its own, since the client sends the whole chat each time, and each of its choices
/// a turn, which counts for its key's limit. With an `Idempotency-Key` a repeated request is the same turns. A client
/// that closes its connection stops its turns, also while they wait; so does the first choice that fails, or that the
/// store refused when it had taken others: the whole request is then answered with that one error.
final class OpenAiApi implements HttpService {
  private static final int MAX_IDEMPOTENCY_KEY = 256;

  private final Turns turns;
  private final WebSettings settings;
  private final Models models;
  private final Access access;
  private final ClientWatch clients;
  private final Abandoned abandoned;
  private final InstantSource clock;
  private final ChatRequestParser parser;

  OpenAiApi(
      Turns turns,
      WebSettings settings,
      Models models,
      Access access,
      ClientWatch clients,
      Abandoned abandoned,
      InstantSource clock) {
    this.turns = turns;
    this.settings = settings;
    this.models = models;
    this.access = access;
    this.clients = clients;
    this.abandoned = abandoned;
    this.clock = clock;
    this.parser = new ChatRequestParser(settings.limits().request());
  }

  @Override
  public void routing(HttpRules rules) {
    rules
        .post("/chat/completions", this::complete)
        .get("/models", this::listModels)
        .get("/models/{model:.+}", this::oneModel)
        .any("/chat/completions", (request, response) -> wrongMethod(response, "POST"))
        .any("/models", (request, response) -> wrongMethod(response, "GET"))
        .any((request, response) ->
            Replies.error(
                response,
                ApiError.notFound("Here are POST /v1/chat/completions and GET /v1/models only.")));
  }

  private void complete(ServerRequest request, ServerResponse response) {
    String tenant = access.tenant(request);
    byte[] body = Bodies.read(request, settings.limits().request().maxBodyBytes());
    ChatRequest chat =
        switch (parser.parse(body, Seeds.fresh(settings.sampling()))) {
          case Parsed.Valid<ChatRequest> valid -> valid.value();
          case Parsed.Invalid<ChatRequest> invalid -> throw new InvalidRequest(invalid.error());
        };
    if (!models.serves(chat.model())) {
      throw new InvalidRequest(ApiError.unknownModel(chat.model()));
    }
    LogprobsLimit.check(chat.sampling(), settings.limits().request().maxOutputTokens());
    Optional<String> retryKey = retryKey(request);
    List<InboundMessage> messages = messages(chat, tenant, retryKey);
    List<ShownAnswer> answers =
        messages.stream().map(m -> new ShownAnswer(m.ref(), new ShownText())).toList();
    PendingEvents events =
        new PendingEvents(chat.choices(), settings.limits().maxPendingCharacters());
    List<Submission> submissions = turns.submit(messages, events.listeners());
    List<ShownAnswer> taken = taken(answers, submissions);
    taken.forEach(answer -> abandoned.arrived(answer.turn()));
    try {
      Optional<Submission.Refused> refused = refused(submissions);
      if (refused.isPresent()) {
        Replies.error(response, Refusals.error(refused.get()));
      } else {
        answer(response, chat, answers, events);
      }
    } finally {
      submissions.forEach(OpenAiApi::unsubscribe);
      taken.forEach(answer -> abandoned.left(answer.turn(), !answer.ended(), retryKey.isPresent()));
    }
  }

  private static List<ShownAnswer> taken(List<ShownAnswer> answers, List<Submission> submissions) {
    return IntStream.range(0, answers.size())
        .filter(i -> !(submissions.get(i) instanceof Submission.Refused))
        .mapToObj(answers::get)
        .toList();
  }

  /// Why not all choices are taken in; the others are then abandoned.
  private static Optional<Submission.Refused> refused(List<Submission> submissions) {
    return submissions.stream()
        .filter(Submission.Refused.class::isInstance)
        .map(Submission.Refused.class::cast)
        .findFirst();
  }

  private static void unsubscribe(Submission submission) {
    switch (submission) {
      case Submission.Accepted accepted -> accepted.subscription().close();
      case Submission.Existing existing -> existing.subscription().close();
      case Submission.Refused refused -> {}
    }
  }

  private void answer(
      ServerResponse response, ChatRequest chat, List<ShownAnswer> answers, PendingEvents events) {
    response.header(HeaderNames.CONNECTION, "close");
    clients.onClose(events::clientGone);
    AnswerLoop loop = new AnswerLoop(turns, answers, events, settings.limits().heartbeat());
    CompletionWriter writer =
        new CompletionWriter(
            "chatcmpl-" + answers.getFirst().turn().turnId(),
            clock.instant().getEpochSecond(),
            chat.model(),
            chat.includeUsage());
    if (chat.stream()) {
      new StreamedCompletion(writer, chat.choices()).run(loop, response);
    } else {
      new WholeCompletion(writer, chat.choices()).run(loop, response);
    }
  }

  /// One for each choice, each in a conversation of its own, or they would wait for each other.
  private static List<InboundMessage> messages(
      ChatRequest chat, String tenant, Optional<String> retryKey) {
    String messageId = retryKey.orElseGet(() -> UUID.randomUUID().toString());
    // The key's hash keeps a conversation id within its alphabet, whatever the client sent.
    String conversation =
        "http:" + tenant + ":" + InboundMessage.refOf("http:" + tenant, messageId).turnId();
    List<InboundMessage> messages = new ArrayList<>();
    for (int choice = 0; choice < chat.choices(); choice++) {
      messages.add(
          new InboundMessage(
              choice == 0 ? conversation : conversation + ":" + choice,
              messageId,
              new TurnRequest(
                  tenant,
                  chat.user().orElse(tenant),
                  Lane.INTERACTIVE,
                  new ReplyAddress(ReplyAddress.HTTP, ""),
                  chat.messages(),
                  false,
                  chat.sampling(choice))));
    }
    return messages;
  }

  private static Optional<String> retryKey(ServerRequest request) {
    Optional<String> key =
        request
            .headers()
            .first(HeaderNames.create("Idempotency-Key"))
            .filter(value -> !value.isBlank());
    if (key.filter(value -> value.length() > MAX_IDEMPOTENCY_KEY).isPresent()) {
      throw InvalidRequest.field(
          "Idempotency-Key",
          "The Idempotency-Key is longer than %d characters.".formatted(MAX_IDEMPOTENCY_KEY));
    }
    return key;
  }

  private void listModels(ServerRequest request, ServerResponse response) {
    access.tenant(request);
    Replies.json(
        response, 200, CompletionWriter.models(models.names(), clock.instant().getEpochSecond()));
  }

  private void oneModel(ServerRequest request, ServerResponse response) {
    access.tenant(request);
    String name = request.path().pathParameters().get("model");
    if (!models.serves(name)) {
      throw new InvalidRequest(ApiError.unknownModel(name));
    }
    Replies.json(response, 200, CompletionWriter.model(name, clock.instant().getEpochSecond()));
  }

  private static void wrongMethod(ServerResponse response, String allowed) {
    response.header(HeaderNames.ALLOW, allowed);
    Replies.error(response, ApiError.methodNotAllowed("Use " + allowed + " here."));
  }
}
