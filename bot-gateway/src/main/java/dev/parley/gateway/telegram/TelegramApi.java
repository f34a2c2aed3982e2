package dev.parley.gateway.telegram;

import dev.parley.shared.config.Secret;
import dev.parley.shared.runtime.Threads;
import java.io.Serializable;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import okhttp3.Dispatcher;
import okhttp3.OkHttpClient;
import org.telegram.telegrambots.client.okhttp.OkHttpTelegramClient;
import org.telegram.telegrambots.meta.TelegramUrl;
import org.telegram.telegrambots.meta.api.methods.botapimethods.BotApiMethod;
import org.telegram.telegrambots.meta.api.methods.updates.SetWebhook;
import org.telegram.telegrambots.meta.api.objects.ResponseParameters;
import org.telegram.telegrambots.meta.exceptions.TelegramApiException;
import org.telegram.telegrambots.meta.exceptions.TelegramApiRequestException;
import org.telegram.telegrambots.meta.exceptions.TelegramApiValidationException;

/// Calls of the Bot API, each made once: OkHttp's habit of sending a request again after a reset connection would
/// make one message two. The token is part of every address, so it is taken out of whatever comes back.
/// Thread-safe.
final class TelegramApi implements AutoCloseable {

  /// A call other than a poll is given up after this.
  static final Duration CALL = Duration.ofSeconds(9);

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

  /// @param poll how long Telegram holds a poll open
  TelegramApi(Secret token, URI server, Duration poll) {
    this.token = token;
    Dispatcher dispatcher = new Dispatcher(threads);
    dispatcher.setMaxRequests(MOST_CALLS);
    dispatcher.setMaxRequestsPerHost(MOST_CALLS);
    http =
        new OkHttpClient.Builder()
            .dispatcher(dispatcher)
            .retryOnConnectionFailure(false)
            .followRedirects(false)
            .callTimeout(CALL)
            .build();
    OkHttpClient patient =
        http.newBuilder().callTimeout(poll.plus(CALL)).readTimeout(poll.plus(CALL)).build();
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
    threads.execute(() -> then.accept(call(method)));
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
    return new ApiResult.Refused<>(code, said == null ? "" : said);
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
    return (e.getMessage() + " (" + root + ")").replace(token.reveal(), "***");
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
