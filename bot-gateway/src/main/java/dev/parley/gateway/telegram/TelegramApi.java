package dev.parley.gateway.telegram;

import dev.parley.shared.config.Secret;
import dev.parley.shared.runtime.Threads;
import java.io.IOException;
import java.io.Serializable;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import okhttp3.Dispatcher;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.telegram.telegrambots.client.okhttp.OkHttpTelegramClient;
import org.telegram.telegrambots.meta.TelegramUrl;
import org.telegram.telegrambots.meta.api.methods.botapimethods.BotApiMethod;
import org.telegram.telegrambots.meta.api.methods.send.SendDocument;
import org.telegram.telegrambots.meta.api.methods.updates.SetWebhook;
import org.telegram.telegrambots.meta.api.methods.updatingmessages.EditMessageMedia;
import org.telegram.telegrambots.meta.api.objects.ResponseParameters;
import org.telegram.telegrambots.meta.api.objects.message.Message;
import org.telegram.telegrambots.meta.exceptions.TelegramApiException;
import org.telegram.telegrambots.meta.exceptions.TelegramApiRequestException;
import org.telegram.telegrambots.meta.exceptions.TelegramApiValidationException;

/// Calls of the Bot API, each made once: OkHttp's habit of sending a request again after a reset connection would
/// make one message two. The token is part of every address, so it is taken out of whatever comes back.
/// Thread-safe.
final class TelegramApi implements AutoCloseable {

  private static final int BAD_REQUEST = 400;
  private static final int CONFLICT = 409;
  private static final int TOO_MANY = 429;
  private static final int SERVER_ERROR = 500;

  /// Calls at the same time: a poll, and what 30 calls a second may have under way when each is slow.
  private static final int MOST_CALLS = 128;

  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Threads.virtual("telegram-call"));
  private final OkHttpClient http;
  private final OkHttpTelegramClient client;
  private final OkHttpTelegramClient polling;
  private final Secret token;
  private final String server;
  private final AtomicInteger underWay = new AtomicInteger();

  TelegramApi(Secret token, URI server, TelegramLimits limits) {
    this.token = token;
    this.server = server.toString().replaceFirst("/+$", "");
    Dispatcher dispatcher = new Dispatcher(threads);
    dispatcher.setMaxRequests(MOST_CALLS);
    dispatcher.setMaxRequestsPerHost(MOST_CALLS);
    http =
        new OkHttpClient.Builder()
            .dispatcher(dispatcher)
            .retryOnConnectionFailure(false)
            .followRedirects(false)
            .callTimeout(limits.call())
            .build();
    Duration patience = limits.poll().plus(limits.call());
    OkHttpClient patient = http.newBuilder().callTimeout(patience).readTimeout(patience).build();
    client = new OkHttpTelegramClient(http, token.reveal(), url(server));
    polling = new OkHttpTelegramClient(patient, token.reveal(), url(server));
  }

  private static TelegramUrl url(URI server) {
    int port = server.getPort();
    boolean tls = "https".equals(server.getScheme());
    return TelegramUrl.builder()
        .schema(server.getScheme())
        .host(server.getHost())
        .port(port >= 0 ? port : tls ? 443 : 80)
        .testServer(false)
        .build();
  }

  /// Calls and waits.
  <T extends Serializable> ApiResult<T> call(BotApiMethod<T> method) {
    return call(() -> client.execute(method));
  }

  /// The same for a call that Telegram answers late on purpose.
  <T extends Serializable> ApiResult<T> poll(BotApiMethod<T> method) {
    return call(() -> polling.execute(method));
  }

  ApiResult<Boolean> call(SetWebhook method) {
    return call(() -> client.execute(method));
  }

  /// Calls on a thread of its own.
  ///
  /// @param then called once, on that thread
  <T extends Serializable> void call(BotApiMethod<T> method, Consumer<ApiResult<T>> then) {
    callLater(() -> client.execute(method), then);
  }

  /// The same, with a file.
  void call(SendDocument method, Consumer<ApiResult<Message>> then) {
    callLater(() -> client.execute(method), then);
  }

  /// The same, with a file.
  void call(EditMessageMedia method, Consumer<ApiResult<Serializable>> then) {
    callLater(() -> client.execute(method), then);
  }

  private <T> void callLater(Call<T> call, Consumer<ApiResult<T>> then) {
    underWay.incrementAndGet();
    threads.execute(() -> {
      ApiResult<T> result;
      try {
        result = call(call);
      } finally {
        underWay.decrementAndGet();
      }
      then.accept(result);
    });
  }

  /// Fetches a file. The SDK's own way always asks Telegram's servers, whatever the address here.
  ///
  /// @param path as `getFile` gave it
  /// @param most bytes; a larger file is refused
  ApiResult<byte[]> download(String path, int most) {
    Request request =
        new Request.Builder().url(server + "/file/bot" + token.reveal() + "/" + path).build();
    try (Response response = http.newCall(request).execute()) {
      if (!response.isSuccessful()) {
        return response.code() >= SERVER_ERROR
            ? new ApiResult.Unknown<>("a file could not be fetched: " + response.code())
            : new ApiResult.Refused<>(response.code(), "no such file");
      }
      // Of a response to a call there is always one.
      ResponseBody body = Objects.requireNonNull(response.body());
      byte[] bytes = body.byteStream().readNBytes(most + 1);
      return bytes.length > most
          ? new ApiResult.Refused<>(BAD_REQUEST, "larger than " + most + " bytes")
          : new ApiResult.Ok<>(bytes);
    } catch (IOException e) {
      return new ApiResult.Unknown<>(redacted(e));
    }
  }

  /// Calls of the kind above that have not come back.
  int underWay() {
    return underWay.get();
  }

  /// Something of the SDK that fails in its own way.
  private interface Call<T> {
    T make() throws TelegramApiException;
  }

  private <T> ApiResult<T> call(Call<T> call) {
    try {
      return new ApiResult.Ok<>(call.make());
    } catch (TelegramApiRequestException e) {
      return refused(e);
    } catch (TelegramApiValidationException e) {
      return new ApiResult.Refused<>(BAD_REQUEST, redacted(e));
    } catch (TelegramApiException e) {
      return failed(e);
    }
  }

  private <T> ApiResult<T> refused(TelegramApiRequestException e) {
    int code = e.getErrorCode() == null ? 0 : e.getErrorCode();
    ResponseParameters parameters = e.getParameters();
    if (parameters != null && parameters.getMigrateToChatId() != null) {
      return new ApiResult.Migrated<>(parameters.getMigrateToChatId());
    }
    if (code == TOO_MANY) {
      Integer seconds = parameters == null ? null : parameters.getRetryAfter();
      return new ApiResult.Flood<>(Duration.ofSeconds(seconds == null ? 1 : seconds).toMillis());
    }
    if (code == 0 || code >= SERVER_ERROR) {
      return failed(e);
    }
    String said = e.getApiResponse();
    return new ApiResult.Refused<>(code, said == null ? "" : redacted(said));
  }

  private <T> ApiResult<T> failed(TelegramApiException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof ConnectException
          || cause instanceof UnknownHostException
          || cause instanceof NoRouteToHostException) {
        return new ApiResult.Unreachable<>(redacted(cause));
      }
    }
    return new ApiResult.Unknown<>(redacted(e));
  }

  /// What an exception says, without the token.
  private String redacted(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return redacted(e.getMessage() + " (" + root + ")");
  }

  /// Also what a server says, who may name the address that it was asked for.
  private String redacted(String said) {
    String token = this.token.reveal();
    return said.replace(token.substring(token.indexOf(':') + 1), "***");
  }

  /// Whether another program polls the same bot's updates.
  static boolean isConflict(ApiResult.Refused<?> refused) {
    return refused.code() == CONFLICT;
  }

  @Override
  public void close() {
    http.dispatcher().cancelAll();
    threads.shutdownNow();
    http.connectionPool().evictAll();
  }
}
