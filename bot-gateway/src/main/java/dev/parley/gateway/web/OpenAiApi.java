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
import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.wire.Lane;
import dev.parley.shared.wire.ReplyAddress;
import dev.parley.shared.wire.TurnRequest;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;

/// `/v1/chat/completions` and `/v1/models`: what OpenAI clients expect, answered by turns.
///
/// Each request is a conversation of its own, since the client sends the whole chat each time. With
/// an `Idempotency-Key` a repeated request is the same turn. A client that closes its connection
/// stops its turn, also while it waits.
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
    refuseLogprobs(chat);
    Optional<String> retryKey = retryKey(request);
    PendingEvents events = new PendingEvents(settings.limits().maxPendingCharacters());
    InboundMessage message = message(chat, tenant, retryKey);
    switch (turns.submit(message, events)) {
      case Submission.Refused refused -> Replies.error(response, Refusals.error(refused));
      case Submission.Accepted accepted ->
          answer(response, chat, message.ref(), events, accepted.subscription(), retryKey);
      case Submission.Existing existing ->
          answer(response, chat, message.ref(), events, existing.subscription(), retryKey);
    }
  }

  /// Answers cross Redis as text and token ids; probabilities stay at the worker.
  private static void refuseLogprobs(ChatRequest chat) {
    if (chat.sampling().logprobs().wanted()) {
      throw new InvalidRequest(
          ApiError.invalid(
              "logprobs",
              "unsupported_parameter",
              "'logprobs' is not supported here: only 'parley worker --serve' answers with it."));
    }
  }

  private void answer(
      ServerResponse response,
      ChatRequest chat,
      TurnRef turn,
      PendingEvents events,
      Turns.Subscription subscription,
      Optional<String> retryKey) {
    abandoned.arrived(turn);
    boolean finished = false;
    try (subscription) {
      response.header(HeaderNames.CONNECTION, "close");
      clients.onClose(events::clientGone);
      AnswerLoop loop =
          new AnswerLoop(turns, turn, events, new ShownText(), settings.limits().heartbeat());
      CompletionWriter writer =
          new CompletionWriter(
              "chatcmpl-" + turn.turnId(),
              clock.instant().getEpochSecond(),
              chat.model(),
              chat.includeUsage());
      finished =
          chat.stream()
              ? new StreamedCompletion(writer).run(loop, response)
              : new WholeCompletion(writer).run(loop, response);
    } finally {
      abandoned.left(turn, !finished, retryKey.isPresent());
    }
  }

  private static InboundMessage message(
      ChatRequest chat, String tenant, Optional<String> retryKey) {
    String messageId = retryKey.orElseGet(() -> UUID.randomUUID().toString());
    // The key's hash keeps a conversation id within its alphabet, whatever the client sent.
    String conversation =
        "http:" + tenant + ":" + InboundMessage.refOf("http:" + tenant, messageId).turnId();
    return new InboundMessage(
        conversation,
        messageId,
        new TurnRequest(
            tenant,
            chat.user().orElse(tenant),
            Lane.INTERACTIVE,
            new ReplyAddress(ReplyAddress.HTTP, ""),
            chat.messages(),
            false,
            chat.sampling()));
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
