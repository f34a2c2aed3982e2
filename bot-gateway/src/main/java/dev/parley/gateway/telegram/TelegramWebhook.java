package dev.parley.gateway.telegram;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.parley.shared.config.Secret;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.telegram.telegrambots.meta.api.objects.Update;

/// Takes updates that Telegram posts. The answer is 200 only when the update was taken: Telegram brings whatever
/// got another one again. Who does not know the secret is not even read.
final class TelegramWebhook implements HttpService {
  private static final Logger LOG = LoggerFactory.getLogger(TelegramWebhook.class);

  private static final HeaderName SECRET = HeaderNames.create("X-Telegram-Bot-Api-Secret-Token");

  private final byte[] secret;
  private final int maxBytes;
  private final Predicate<Update> take;

  /// @param take whether the update need not come again
  TelegramWebhook(Secret secret, int maxBytes, Predicate<Update> take) {
    this.secret = secret.reveal().getBytes(StandardCharsets.UTF_8);
    this.maxBytes = maxBytes;
    this.take = take;
  }

  @Override
  public void routing(HttpRules rules) {
    rules.post("/webhook", this::update);
  }

  private void update(ServerRequest request, ServerResponse response) throws IOException {
    byte[] given = request.headers().first(SECRET).orElse("").getBytes(StandardCharsets.UTF_8);
    if (!MessageDigest.isEqual(given, secret)) {
      response.status(Status.UNAUTHORIZED_401).send();
      return;
    }
    byte[] body;
    try (InputStream in = request.content().inputStream()) {
      body = in.readNBytes(maxBytes + 1);
    }
    if (body.length > maxBytes) {
      response.status(Status.REQUEST_ENTITY_TOO_LARGE_413).send();
      return;
    }
    Optional<Update> update = parse(body);
    if (update.isEmpty()) {
      response.status(Status.BAD_REQUEST_400).send();
      return;
    }
    boolean taken = take.test(update.get());
    response.status(taken ? Status.OK_200 : Status.SERVICE_UNAVAILABLE_503).send();
  }

  private Optional<Update> parse(byte[] body) throws IOException {
    try {
      Optional<Update> update = UpdateReader.read(body);
      if (update.isEmpty()) {
        LOG.warn("an update by webhook has no id");
      }
      return update;
    } catch (JsonProcessingException e) {
      LOG.warn("an update by webhook is no JSON: {}", e.getOriginalMessage());
      return Optional.empty();
    }
  }
}
