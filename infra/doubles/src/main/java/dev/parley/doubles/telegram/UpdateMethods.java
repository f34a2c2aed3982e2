package dev.parley.doubles.telegram;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// The methods by which a bot gets its updates: it polls, or has them posted, never both.
final class UpdateMethods {
  private static final int MAX_TIMEOUT_S = 50;
  private static final int MAX_SECRET = 256;
  private static final Pattern SECRET = Pattern.compile("[A-Za-z0-9_-]*");
  private static final Set<Integer> PORTS = Set.of(-1, 80, 88, 443, 8443);
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  private final Updates updates;
  private final Webhook webhook;

  UpdateMethods(Updates updates, Webhook webhook) {
    this.updates = updates;
    this.webhook = webhook;
  }

  Reply getUpdates(Args args) {
    if (webhook.target().isPresent()) {
      return Reply.now(
          Answer.failed(
              409,
              "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to"
                  + " delete the webhook first"));
    }
    updates.allow(args);
    int offset = args.number("offset", 0, Integer.MIN_VALUE + 1, Integer.MAX_VALUE);
    int limit = args.number("limit", Updates.MAX_LIMIT, 1, Updates.MAX_LIMIT);
    int timeoutS = args.number("timeout", 0, 0, MAX_TIMEOUT_S);
    Poll poll = updates.poll(offset, new Poll(limit, Duration.ofSeconds(timeoutS)));
    return poll.answer().map(Reply::now).orElseGet(() -> new Reply.Waiting(poll));
  }

  Answer setWebhook(Args args) {
    if (!args.has("url")) {
      return deleteWebhook(args);
    }
    URI url = url(args.text("url"));
    String secret = args.text("secret_token");
    if (secret.length() > MAX_SECRET) {
      throw ApiException.badRequest("secret token is too long");
    }
    if (!SECRET.matcher(secret).matches()) {
      throw ApiException.badRequest("secret token contains unallowed characters");
    }
    if (args.flag("drop_pending_updates")) {
      updates.clear();
    }
    updates.allow(args);
    updates.interrupt("Conflict: terminated by setWebhook request");
    int connections = args.number("max_connections", Webhook.DEFAULT_CONNECTIONS, 1, 100);
    Optional<String> token = Optional.of(secret).filter(s -> !s.isEmpty());
    webhook.target(Optional.of(new Webhook.Target(url, token, connections)));
    return Answer.yes("Webhook was set");
  }

  Answer deleteWebhook(Args args) {
    boolean was = webhook.target().isPresent();
    webhook.target(Optional.empty());
    if (args.flag("drop_pending_updates")) {
      updates.clear();
    }
    return Answer.yes(was ? "Webhook was deleted" : "Webhook is already deleted");
  }

  Answer getWebhookInfo() {
    ObjectNode info = ApiJson.NODES.objectNode();
    info.put("url", webhook.target().map(t -> t.url().toString()).orElse(""));
    info.put("has_custom_certificate", false);
    info.put("pending_update_count", updates.pendingCount());
    if (!webhook.lastError().isEmpty()) {
      info.put("last_error_date", ApiJson.seconds(webhook.lastErrorMs()));
      info.put("last_error_message", webhook.lastError());
    }
    webhook
        .target()
        .ifPresent(target -> {
          info.put("max_connections", target.maxConnections());
          info.put("ip_address", "127.0.0.1");
        });
    if (updates.allowed().size() < Update.Kind.values().length) {
      ArrayNode allowed = info.putArray("allowed_updates");
      updates.allowed().forEach(kind -> allowed.add(kind.wire()));
    }
    return Answer.done(info);
  }

  /// On this machine plain HTTP on any port will do; elsewhere Telegram's rules hold.
  private static URI url(String text) {
    URI url;
    try {
      url = new URI(text);
    } catch (URISyntaxException e) {
      throw ApiException.badRequest("invalid webhook URL specified");
    }
    String host = url.getHost();
    if (host == null) {
      throw ApiException.badRequest("invalid webhook URL specified");
    }
    if (LOOPBACK.contains(host) && "http".equals(url.getScheme())) {
      return url;
    }
    if (!"https".equals(url.getScheme())) {
      throw ApiException.badRequest("bad webhook: An HTTPS URL must be provided for webhook");
    }
    if (!PORTS.contains(url.getPort())) {
      throw ApiException.badRequest(
          "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443");
    }
    return url;
  }
}
