package dev.parley.gateway.telegram;

import dev.parley.gateway.reply.ReplyContent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Whether answers in private chats are previewed as drafts while they grow. Not thread-safe.
final class Drafts {
  private static final Logger LOG = LoggerFactory.getLogger(Drafts.class);

  /// After this time a draft is shown again, ms: Telegram takes it away 30 s after its last change.
  static final long AGAIN_MS = 20_000;

  private static final int BAD_REQUEST = 400;
  private static final int FORBIDDEN = 403;

  private boolean on;

  /// @param wanted whether to try
  Drafts(boolean wanted) {
    on = wanted;
  }

  /// The draft of a reply: the same one on every gateway, and for every answer to the same question. Never 0.
  static int id(TelegramAddress address) {
    return address.quoted();
  }

  /// What a draft shows of a page: nothing yet is Telegram's own "Thinking...".
  static TelegramPage of(TelegramPage page) {
    return page.text().text().equals(ReplyContent.PLACEHOLDER) ? TelegramPage.EMPTY : page;
  }

  boolean worksIn(TelegramAddress address) {
    return on && !address.group();
  }

  /// Telegram does not take one. Unless that is about the chat, it will not take others either: the server is too old,
  /// or the bot may not.
  void refused(ApiResult.Refused<?> refused) {
    boolean aboutTheChat =
        refused.code() == FORBIDDEN || (refused.code() == BAD_REQUEST && refused.says("not found"));
    if (on && !aboutTheChat) {
      on = false;
      LOG.warn(
          "this server takes no drafts ({} {}): answers grow as messages from now on",
          refused.code(),
          refused.description());
    }
  }
}
