package dev.parley.gateway.telegram;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import java.util.Optional;
import java.util.function.Supplier;

/// `GET /telegram/status`: `{"bot": "name", "problem": "..."}`, for whoever started it; the bot's name is empty
/// until Telegram has told it.
final class TelegramStatus implements HttpService {
  private final Supplier<Optional<BotIdentity>> bot;
  private final Supplier<Optional<String>> problem;

  TelegramStatus(Supplier<Optional<BotIdentity>> bot, Supplier<Optional<String>> problem) {
    this.bot = bot;
    this.problem = problem;
  }

  @Override
  public void routing(HttpRules rules) {
    rules.get(
        "/status",
        (request, response) ->
            response
                .header(HeaderValues.CONTENT_TYPE_JSON)
                .send(
                    JsonNodeFactory.instance
                        .objectNode()
                        .put("bot", bot.get().map(BotIdentity::name).orElse(""))
                        .put("problem", problem.get().orElse(""))
                        .toString()));
  }
}
