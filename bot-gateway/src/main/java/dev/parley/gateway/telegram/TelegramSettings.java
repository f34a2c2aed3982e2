package dev.parley.gateway.telegram;

import dev.parley.gateway.conversation.Skills;
import dev.parley.shared.config.ConfigException;
import dev.parley.shared.config.Secret;
import dev.parley.shared.runtime.Sha256;
import dev.parley.shared.wire.Sampling;
import java.net.URI;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/// What the adapter needs to be told.
///
/// @param api the server of the Bot API
/// @param webhook where Telegram shall post updates; empty for long polling
/// @param guests who may use the bot
/// @param model name of the model that answers
/// @param drafts whether answers in private chats grow as drafts
/// @param documentOver an answer that is longer comes as a document too, UTF-16 units; 0: none does
/// @param sampling how answers are drawn; each turn gets its own seed
public record TelegramSettings(
    Secret token,
    URI api,
    Optional<Webhook> webhook,
    Guests guests,
    String model,
    boolean drafts,
    int documentOver,
    Sampling sampling,
    Skills skills,
    AskLimits limits) {

  /// @param url public address, whose path is that of the gateway's webhook
  /// @param secret sent by Telegram with every update
  public record Webhook(URI url, Secret secret) {

    private static final Pattern SECRET = Pattern.compile("[A-Za-z0-9_-]{1,256}");

    public Webhook {
      if (!SECRET.matcher(secret.reveal()).matches()) {
        throw new ConfigException("TELEGRAM_WEBHOOK_SECRET has to be 1 to 256 of A-Z a-z 0-9 _ -.");
      }
    }

    /// The secret that all gateways of a bot agree on without being told one.
    public static Secret secretOf(Secret token) {
      return new Secret(HexFormat.of().formatHex(Sha256.of("parley webhook " + token.reveal())));
    }
  }

  private static final Pattern TOKEN = Pattern.compile("(\\d{1,18}):\\S+");

  public TelegramSettings {
    if (!TOKEN.matcher(token.reveal()).matches()) {
      throw new ConfigException(
          "TELEGRAM_BOT_TOKEN is no bot's token: @BotFather gives one that looks like"
              + " 123456:AAE...");
    }
  }

  /// The bot's own id: the part of the token that is no secret.
  public long botId() {
    String token = token().reveal();
    return Long.parseLong(token.substring(0, token.indexOf(':')));
  }
}
