package dev.parley.gateway.telegram;

import dev.parley.gateway.reply.Urgency;
import dev.parley.gateway.telegram.markup.RichText;
import dev.parley.shared.runtime.Threads;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.telegram.telegrambots.meta.api.methods.ActionType;
import org.telegram.telegrambots.meta.api.methods.AnswerCallbackQuery;
import org.telegram.telegrambots.meta.api.methods.botapimethods.BotApiMethod;
import org.telegram.telegrambots.meta.api.methods.send.SendChatAction;
import org.telegram.telegrambots.meta.api.methods.updatingmessages.DeleteMessages;
import org.telegram.telegrambots.meta.api.objects.message.Message;

/// What the bot itself says: answers to commands, refusals. Under the same limits as the replies, and repeated
/// while Telegram says later; what may have been sent is not sent again. Thread-safe; its methods block briefly.
final class BotVoice {
  private static final Logger LOG = LoggerFactory.getLogger(BotVoice.class);

  /// Tries of one message while it is certain that none was sent.
  private static final int TRIES = 5;

  private static final Duration AWAY = Duration.ofSeconds(2);

  /// An update is confirmed at the latest after this: a chat that has to be left alone must not hold up the
  /// others. The message is sent when it may be.
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final TelegramReply.Ports ports;

  BotVoice(TelegramReply.Ports ports) {
    this.ports = ports;
  }

  /// Says something in answer to a message.
  void say(TelegramAddress to, TelegramPage page) {
    CompletableFuture<Boolean> said = new CompletableFuture<>();
    attempt(to.in(ports.moved().now(to.chat())), page, TRIES, said);
    try {
      said.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      LOG.debug("an answer to a command waits for Telegram's limits", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("an answer to a command failed", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  void say(TelegramAddress to, String text) {
    say(to, new TelegramPage(new RichText(text, List.of()), List.of()));
  }

  /// Changes one of its own messages; not while the chat has to be left alone.
  void change(TelegramAddress at, int messageId, TelegramPage page) {
    whenFree(
        at,
        Messages.edit(at, messageId, page),
        result -> LOG.debug("a menu was changed: {}", result));
  }

  /// Deletes messages; those that may not be deleted, or are not there, stay as they are.
  void delete(TelegramAddress at, List<Integer> messages) {
    whenFree(
        at,
        DeleteMessages.builder().chatId(at.chat()).messageIds(messages).build(),
        result -> {
          if (!(result instanceof ApiResult.Ok)) {
            LOG.info("messages could not be deleted: {}", result);
          }
        });
  }

  /// Tells whoever pressed a button what came of it, above the chat.
  void toast(String callbackId, String text) {
    ApiResult<Boolean> result =
        ports
            .api()
            .call(AnswerCallbackQuery.builder().callbackQueryId(callbackId).text(text).build());
    if (!(result instanceof ApiResult.Ok)) {
      LOG.debug("a button's press got no answer: {}", result);
    }
  }

  /// Shows that an answer is on its way.
  void typing(TelegramAddress to) {
    ports
        .api()
        .call(
            SendChatAction.builder()
                .chatId(to.chat())
                .messageThreadId(to.thread() == 0 ? null : to.thread())
                .action(ActionType.TYPING.toString())
                .build(),
            result -> {
              if (!(result instanceof ApiResult.Ok)) {
                LOG.debug("the chat action was not shown: {}", result);
              }
            });
  }

  private void attempt(
      TelegramAddress to, TelegramPage page, int tries, CompletableFuture<Boolean> said) {
    whenFree(to, Messages.send(to, page, true), result -> settle(to, page, tries, said, result));
  }

  private <T extends Serializable> void whenFree(
      TelegramAddress at, BotApiMethod<T> method, Consumer<ApiResult<T>> then) {
    ports
        .loop()
        .accept(() ->
            ports
                .pacer()
                .whenFree(
                    Long.toString(at.chat()),
                    ports.limits().of(at),
                    () -> Urgency.END,
                    () -> ports.call(method, then)));
  }

  private void settle(
      TelegramAddress to,
      TelegramPage page,
      int tries,
      CompletableFuture<Boolean> said,
      ApiResult<Message> result) {
    switch (result) {
      case ApiResult.Flood<Message> flood -> {
        ports.meters().flood();
        ports.pacer().hold(Long.toString(to.chat()), ports.limits().of(to), flood.retryAfterMs());
        again(to, page, tries, said, Duration.ZERO);
      }
      case ApiResult.Unreachable<Message> away -> again(to, page, tries, said, AWAY);
      case ApiResult.Migrated<Message> migrated -> {
        ports.moved().move(to.chat(), migrated.chat());
        again(to.in(migrated.chat()), page, tries, said, Duration.ZERO);
      }
      case ApiResult.Ok<Message> ok -> said.complete(true);
      case ApiResult.Refused<Message> refused -> {
        LOG.info("an answer to a command cannot be shown: {}", refused.description());
        said.complete(false);
      }
      case ApiResult.Unknown<Message> unknown -> {
        LOG.warn("an answer to a command may not have arrived: {}", unknown.reason());
        said.complete(false);
      }
    }
  }

  private void again(
      TelegramAddress to,
      TelegramPage page,
      int tries,
      CompletableFuture<Boolean> said,
      Duration pause) {
    if (tries <= 1) {
      LOG.warn("an answer to a command was given up");
      said.complete(false);
      return;
    }
    var _ =
        Threads.start(
            "telegram-voice",
            () -> {
              try {
                Thread.sleep(pause);
                attempt(to, page, tries - 1, said);
              } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
              }
            });
  }
}
