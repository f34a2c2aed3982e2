package dev.parley.worker.serve;

import dev.parley.shared.config.HttpBind;
import dev.parley.shared.openai.ApiError;
import dev.parley.shared.openai.ChatRequest;
import dev.parley.shared.openai.ChatRequestParser;
import dev.parley.shared.openai.CompletionWriter;
import dev.parley.shared.openai.Parsed;
import dev.parley.shared.openai.RequestLimits;
import dev.parley.shared.runtime.HttpServer;
import dev.parley.shared.runtime.Management;
import dev.parley.shared.runtime.Metrics;
import dev.parley.shared.runtime.Readiness;
import dev.parley.shared.wire.Sampling;
import dev.parley.worker.engine.Engine;
import dev.parley.worker.engine.EngineMeters;
import dev.parley.worker.engine.StepListener;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;

/// `POST /v1/chat/completions` and `GET /v1/models` straight to an engine; with a process's usual pages of
/// health and metrics.
public final class EngineServer implements AutoCloseable {
  private final String model;
  private final Engine engine;
  private final Metrics metrics = Metrics.create();
  private final HttpServer http;
  private final RequestLimits limits;
  private final Sampling defaults;
  private final ChatRequestParser parser;
  private final Completions completions;

  private EngineServer(
      String model, Engine engine, Outputs outputs, HttpBind bind, Sampling defaults) {
    this.model = model;
    this.engine = engine;
    this.limits = RequestLimits.DEFAULTS;
    this.defaults = defaults;
    this.parser = new ChatRequestParser(limits);
    this.completions = new Completions(engine, outputs);
    EngineMeters.bind(engine, metrics.registry());
    this.http = HttpServer.start(bind, routing());
  }

  private HttpRouting.Builder routing() {
    Readiness readiness = new Readiness();
    readiness.add("engine", engine::trouble);
    HttpRouting.Builder routing =
        HttpRouting.builder()
            .post("/v1/chat/completions", this::complete)
            .get("/v1/models", this::models);
    new Management(readiness, metrics).addTo(routing);
    return routing.any((request, response) ->
        Completions.json(
            response,
            ApiError.notFound(
                "Here are POST /v1/chat/completions, GET /v1/models, /health/live, /health/ready"
                    + " and /metrics only.")));
  }

  /// Starts the engine and the server before it; closing stops both.
  ///
  /// @param model the name that `/v1/models` lists, as the gateway does
  /// @param bind port 0 takes a free one
  /// @param start starts the engine with the listener that it is given
  /// @param defaults for what a request leaves open
  public static EngineServer start(
      String model, HttpBind bind, Function<StepListener, Engine> start, Sampling defaults) {
    HttpServer.requireFree(bind);
    Outputs outputs = new Outputs();
    Engine engine = start.apply(outputs);
    try {
      return new EngineServer(model, engine, outputs, bind, defaults);
    } catch (RuntimeException e) {
      engine.close();
      throw e;
    }
  }

  public int port() {
    return http.port();
  }

  public Engine engine() {
    return engine;
  }

  private void complete(ServerRequest request, ServerResponse response) {
    byte[] body = body(request);
    if (body.length > limits.maxBodyBytes()) {
      Completions.json(response, ApiError.tooLarge(limits.maxBodyBytes()));
      return;
    }
    switch (parser.parse(body, freshlySeeded())) {
      case Parsed.Valid<ChatRequest> valid -> answer(valid.value(), response);
      case Parsed.Invalid<ChatRequest> invalid -> Completions.json(response, invalid.error());
    }
  }

  private void answer(ChatRequest chat, ServerResponse response) {
    int vocabulary = engine.info().vocabulary();
    if (engine.info().tellsTokens()
        && chat.sampling().rules().logitBias().keySet().stream().anyMatch(t -> t >= vocabulary)) {
      Completions.json(
          response,
          ApiError.invalid(
              "logit_bias",
              "'logit_bias' names a token that the model does not have: its ids are below %d."
                  .formatted(vocabulary)));
      return;
    }
    completions.answer(chat, response);
  }

  /// A request without a seed draws another answer each time.
  private Sampling freshlySeeded() {
    return defaults.withSeed(ThreadLocalRandom.current().nextLong());
  }

  /// At most one byte more than is allowed.
  private byte[] body(ServerRequest request) {
    if (!request.content().hasEntity()) {
      return new byte[0];
    }
    try (InputStream in = request.content().inputStream()) {
      return in.readNBytes(limits.maxBodyBytes() + 1);
    } catch (IOException e) {
      throw new UncheckedIOException("the client broke off its request", e);
    }
  }

  private void models(ServerRequest request, ServerResponse response) {
    Completions.json(
        response, 200, CompletionWriter.models(List.of(model), System.currentTimeMillis() / 1000));
  }

  @Override
  public void close() {
    http.close();
    engine.close();
    metrics.close();
  }
}
