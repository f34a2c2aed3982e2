package dev.parley.worker.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.shared.config.Secret;
import dev.parley.shared.runtime.Threads;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/// The way to the server over the JDK's HTTP client. HTTP/1.1, which all such servers speak: a cancelled call
/// is a closed connection, and the server stops computing.
final class HttpCalls implements Calls {
  private static final Duration MODELS_LIMIT = Duration.ofSeconds(5);
  private static final int MAX_MODELS_BYTES = 1 << 20;
  private static final int OK = 200;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final RemoteSettings settings;
  private final Executor mailbox;
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Threads.virtual("remote-http"));
  private final HttpClient http;

  /// @param mailbox runs what is told, in order, on the engine's thread
  HttpCalls(RemoteSettings settings, Executor mailbox) {
    this.settings = settings;
    this.mailbox = mailbox;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(settings.connect())
            .executor(threads)
            .build();
  }

  @Override
  public Call complete(byte[] body, Listener listener) {
    HttpRequest request =
        request("/v1/chat/completions")
            .header("Content-Type", "application/json")
            .header("Accept", "text/event-stream")
            .POST(BodyPublishers.ofByteArray(body))
            .build();
    Stream stream = new Stream(listener, mailbox);
    CompletableFuture<HttpResponse<Void>> reply = http.sendAsync(request, stream);
    stream.follow(reply);
    return stream;
  }

  @Override
  public void models(ModelsListener listener) {
    HttpRequest request = request("/v1/models").timeout(MODELS_LIMIT).build();
    var _ =
        http.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofString(), MAX_MODELS_BYTES))
            .whenComplete((reply, fault) ->
                mailbox.execute(() -> {
                  if (reply == null) {
                    listener.failed(Failure.unreachable(why(fault)));
                  } else if (reply.statusCode() == OK) {
                    listener.models(names(reply.body()));
                  } else {
                    listener.failed(
                        Failure.status(reply.statusCode(), reply.body(), Duration.ZERO));
                  }
                }));
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request = HttpRequest.newBuilder(settings.address(path));
    settings
        .key()
        .map(Secret::reveal)
        .ifPresent(key -> request.header("Authorization", "Bearer " + key));
    return request;
  }

  /// Of what is no list of models there are none.
  private static List<String> names(String body) {
    List<String> names = new ArrayList<>();
    try {
      JSON.readTree(body).path("data").forEach(model -> names.add(model.path("id").asText("")));
    } catch (JsonProcessingException e) {
      return List.of();
    }
    return names.stream().filter(name -> !name.isEmpty()).toList();
  }

  @Override
  public void close() {
    http.shutdownNow();
    threads.shutdownNow();
  }

  private static Throwable cause(Throwable fault) {
    return fault instanceof CompletionException && fault.getCause() != null
        ? fault.getCause()
        : fault;
  }

  private static String why(Throwable fault) {
    Throwable cause = cause(fault);
    String message = cause.getMessage();
    return cause.getClass().getSimpleName() + (message == null ? "" : ": " + message);
  }

  private static Failure failure(Throwable fault) {
    return switch (cause(fault)) {
      case ConnectException e -> Failure.unreachable(why(e));
      case HttpConnectTimeoutException e -> Failure.unreachable(why(e));
      case UnknownHostException e -> Failure.unreachable(why(e));
      case UnresolvedAddressException e -> Failure.unreachable(why(e));
      case IOException e -> Failure.cut(why(e));
      default -> Failure.cut(why(fault));
    };
  }

  /// One reply on its way into the mailbox, a piece at a time: the next comes when the last was read.
  private static final class Stream
      implements Call, HttpResponse.BodyHandler<Void>, BodySubscriber<Void> {
    private final Listener listener;
    private final Executor mailbox;
    private final CompletableFuture<Void> body = new CompletableFuture<>();
    private volatile Flow.@Nullable Subscription subscription;
    private volatile @Nullable CompletableFuture<HttpResponse<Void>> reply;
    private volatile boolean cancelled;

    private Stream(Listener listener, Executor mailbox) {
      this.listener = listener;
      this.mailbox = mailbox;
    }

    private void follow(CompletableFuture<HttpResponse<Void>> sent) {
      reply = sent;
      var _ =
          sent.whenComplete((_, fault) ->
              mailbox.execute(() -> {
                if (fault == null) {
                  listener.finished();
                } else {
                  listener.broke(failure(fault));
                }
              }));
    }

    @Override
    public BodySubscriber<Void> apply(HttpResponse.ResponseInfo info) {
      HttpHeaders headers = info.headers();
      String type = headers.firstValue("Content-Type").orElse("").toLowerCase(Locale.ROOT);
      Duration retryAfter =
          headers.firstValue("Retry-After").map(Stream::seconds).orElse(Duration.ZERO);
      mailbox.execute(() -> listener.began(info.statusCode(), type, retryAfter));
      return this;
    }

    /// The form with a date is not read: no such server sends it.
    private static Duration seconds(String text) {
      return text.matches("\\d{1,6}") ? Duration.ofSeconds(Long.parseLong(text)) : Duration.ZERO;
    }

    @Override
    public CompletionStage<Void> getBody() {
      return body;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
      subscription = given;
      if (cancelled) {
        given.cancel();
      } else {
        given.request(1);
      }
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
      byte[] bytes = new byte[buffers.stream().mapToInt(ByteBuffer::remaining).sum()];
      int at = 0;
      for (ByteBuffer buffer : buffers) {
        int length = buffer.remaining();
        buffer.get(bytes, at, length);
        at += length;
      }
      mailbox.execute(() -> listener.bytes(bytes));
    }

    @Override
    public void onError(Throwable fault) {
      body.completeExceptionally(fault);
    }

    @Override
    public void onComplete() {
      body.complete(null);
    }

    @Override
    public void more() {
      Flow.Subscription given = subscription;
      if (given != null) {
        given.request(1);
      }
    }

    @Override
    public void cancel() {
      cancelled = true;
      Flow.Subscription given = subscription;
      if (given != null) {
        given.cancel();
      }
      CompletableFuture<HttpResponse<Void>> sent = reply;
      if (sent != null) {
        sent.cancel(true);
      }
    }
  }
}
