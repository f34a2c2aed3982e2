package dev.parley.worker.serve;

import dev.parley.shared.openai.ApiError;
import dev.parley.shared.openai.ChatRequest;
import dev.parley.shared.openai.CompletionWriter;
import dev.parley.shared.openai.CompletionWriter.Finish;
import dev.parley.shared.openai.SseEvent;
import dev.parley.shared.wire.TokenLogprob;
import dev.parley.shared.wire.Usage;
import dev.parley.worker.engine.Engine;
import dev.parley.worker.engine.EngineOutput;
import dev.parley.worker.engine.EngineOutput.Ended;
import dev.parley.worker.engine.EngineOutput.Restarted;
import dev.parley.worker.engine.EngineOutput.Tokens;
import dev.parley.worker.engine.EngineRequest;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/// Answers one completion request after another, each on its own thread. Each choice is a request to the engine of
/// its own, whose prefix sharing computes the prompt once. A client that goes away cancels them at the next token,
/// and so does the first choice that fails: its error is the answer to the whole request.
final class Completions {
  private static final Duration RETRY_LATER = Duration.ofSeconds(5);
  private static final ApiError STOPS = ApiError.unavailable("The worker stops.", RETRY_LATER);

  /// A stream without news is written to this often, ms: so long may a client be gone unnoticed.
  private static final long HEARTBEAT_MS = 500;

  private final Engine engine;
  private final Outputs outputs;

  Completions(Engine engine, Outputs outputs) {
    this.engine = engine;
    this.outputs = outputs;
  }

  void answer(ChatRequest chat, ServerResponse response) {
    String id = UUID.randomUUID().toString();
    List<String> ids =
        IntStream.range(0, chat.choices()).mapToObj(choice -> id + "#" + choice).toList();
    CompletionWriter writer =
        new CompletionWriter(
            "chatcmpl-" + id, System.currentTimeMillis() / 1000, chat.model(), chat.includeUsage());
    BlockingQueue<EngineOutput> queue = outputs.open(ids);
    try {
      for (int choice = 0; choice < ids.size(); choice++) {
        engine.submit(
            EngineRequest.of(ids.get(choice), chat.messages(), chat.sampling(choice))
                .ofUser(chat.user().orElse("")));
      }
      if (chat.stream()) {
        stream(ids, queue, writer, response);
      } else {
        whole(ids, queue, writer, response);
      }
    } catch (IOException | UncheckedIOException e) {
      // Writing failed: the client closed its side.
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      json(response, STOPS);
    } finally {
      ids.forEach(engine::cancel);
      outputs.close(ids);
    }
  }

  private static void stream(
      List<String> ids,
      BlockingQueue<EngineOutput> queue,
      CompletionWriter writer,
      ServerResponse response)
      throws IOException {
    try (OutputStream out =
        response
            .status(Status.OK_200)
            .header(HeaderNames.CONTENT_TYPE, "text/event-stream; charset=utf-8")
            .header(HeaderNames.CACHE_CONTROL, "no-store")
            .outputStream()) {
      try {
        stream(ids, queue, writer, out);
      } catch (InterruptedException e) {
        send(out, STOPS.toJson());
        Thread.currentThread().interrupt();
      }
    }
  }

  private static void stream(
      List<String> ids,
      BlockingQueue<EngineOutput> queue,
      CompletionWriter writer,
      OutputStream out)
      throws IOException, InterruptedException {
    for (int choice = 0; choice < ids.size(); choice++) {
      send(out, writer.role(choice));
    }
    List<Usage> usages = new ArrayList<>();
    while (usages.size() < ids.size()) {
      EngineOutput output = next(queue, out);
      int choice = ids.indexOf(output.id());
      switch (output) {
        case Tokens tokens -> {
          if (!tokens.text().isEmpty() || !tokens.logprobs().isEmpty()) {
            send(out, writer.text(choice, tokens.text(), tokens.logprobs()));
          }
        }
        case Restarted restarted -> throw new IllegalStateException("nothing was resumed");
        case Ended ended -> {
          if (!ended.reason().answered()) {
            send(out, error(ended).toJson());
            return;
          }
          send(out, writer.end(choice, Finish.of(ended.reason())));
          usages.add(ended.usage());
        }
      }
    }
    if (writer.usageAnnounced()) {
      send(out, writer.usage(Usage.ofChoices(usages)));
    }
    send(out, CompletionWriter.DONE);
  }

  /// The next output; while there is none, a comment now and then shows whether the client is still there.
  private static EngineOutput next(BlockingQueue<EngineOutput> queue, OutputStream out)
      throws IOException, InterruptedException {
    EngineOutput output = queue.poll(HEARTBEAT_MS, TimeUnit.MILLISECONDS);
    while (output == null) {
      out.write(SseEvent.comment());
      out.flush();
      output = queue.poll(HEARTBEAT_MS, TimeUnit.MILLISECONDS);
    }
    return output;
  }

  private static void send(OutputStream out, String data) throws IOException {
    out.write(SseEvent.data(data).encode());
    out.flush();
  }

  private static void whole(
      List<String> ids,
      BlockingQueue<EngineOutput> queue,
      CompletionWriter writer,
      ServerResponse response)
      throws InterruptedException {
    List<Draft> drafts = ids.stream().map(id -> new Draft()).toList();
    List<Usage> usages = new ArrayList<>();
    while (usages.size() < ids.size()) {
      EngineOutput output = queue.take();
      Draft draft = drafts.get(ids.indexOf(output.id()));
      switch (output) {
        case Tokens tokens -> {
          draft.text.append(tokens.text());
          draft.logprobs.addAll(tokens.logprobs());
        }
        case Restarted restarted -> throw new IllegalStateException("nothing was resumed");
        case Ended ended -> {
          if (!ended.reason().answered()) {
            json(response, error(ended));
            return;
          }
          draft.finish = Finish.of(ended.reason());
          usages.add(ended.usage());
        }
      }
    }
    json(
        response,
        200,
        writer.whole(drafts.stream().map(Draft::choice).toList(), Usage.ofChoices(usages)));
  }

  /// A choice until all have ended.
  private static final class Draft {
    final StringBuilder text = new StringBuilder();
    final List<TokenLogprob> logprobs = new ArrayList<>();
    Finish finish = Finish.STOP;

    CompletionWriter.Choice choice() {
      return new CompletionWriter.Choice(text.toString(), logprobs, finish);
    }
  }

  private static ApiError error(Ended ended) {
    return switch (ended.reason()) {
      case TOO_LONG -> ApiError.invalid("messages", "context_length_exceeded", ended.detail());
      case NO_MESSAGES, TEMPLATE -> ApiError.invalid("messages", ended.detail());
      case FORMAT -> ApiError.invalid("response_format", ended.detail());
      case DECLINED -> ApiError.failed(400, "declined", ended.detail());
      case UNKNOWN_TOKEN -> ApiError.invalid("logit_bias", ended.detail());
      case REFUSED -> ApiError.tooMany(ended.detail(), RETRY_LATER);
      case STOP, LENGTH, CANCELLED, EXPIRED, POISON, ENGINE, UNREADABLE ->
          ApiError.failed(500, "engine_error", ended.reason().sentence() + " " + ended.detail());
    };
  }

  static void json(ServerResponse response, ApiError error) {
    json(response, error.status(), error.toJson());
  }

  static void json(ServerResponse response, int status, String body) {
    response
        .status(Status.create(status))
        .header(HeaderNames.CONTENT_TYPE, "application/json; charset=utf-8")
        .send(body.getBytes(StandardCharsets.UTF_8));
  }
}
