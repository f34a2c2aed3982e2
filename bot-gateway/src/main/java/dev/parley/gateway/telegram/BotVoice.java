package dev.parley.gateway.telegram;

import dev.parley.gateway.reply.Urgency;
import dev.parley.gateway.telegram.markup.RichText;
import dev.parley.shared.runtime.Threads;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
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
import org.telegram.telegrambots.meta.api.methods.updatingmessages.EditMessageReplyMarkup;
import org.telegram.telegrambots.meta.api.objects.message.Message;

/// What the bot itself says: answers to commands, refusals. Under the same limits as the replies, and repeated
/// while Telegram says later; what may have been sent is not sent again. Few wait for a chat at a time, so that
/// somebody who sends a thousand messages makes neither the bot's budget nor the updates of others wait: what is
/// too much is not said, and counted. Thread-safe; its methods block briefly.
final class BotVoice {
  private static final Logger LOG = LoggerFactory.getLogger(BotVoice.class);

  /// Tries of one message while it is certain that none was sent.
  private static final int TRIES = 5;

  private static final Duration AWAY = Duration.ofSeconds(2);

  /// An update is confirmed at the latest after this: a chat that has to be left alone must not hold up the
  /// others. The message is sent when it may be.
  private static final Duration PATIENCE = Duration.ofMillis(500);

  /// Messages that may wait for one chat.
  private static final int MOST_WAITING = 3;

  private final TelegramReply.Ports ports;

  /// Messages that wait, by chat.
  private final Map<Long, Integer> waiting = new ConcurrentHashMap<>();

  /// One message on its way.
  ///
  /// @param answer whether it answers a message, which it quotes
  /// @param said completed once nothing more will come of it, with whether it was shown
  private record Saying(
      TelegramPage page,
      boolean answer,
      Urgency urgency,
      int tries,
      CompletableFuture<Boolean> said) {

    Saying again() {
      return new Saying(page, answer, urgency, tries - 1, said);
    }
  }

  BotVoice(TelegramReply.Ports ports) {
    this.ports = ports;
  }

  /// Says something in answer to a message.
  void say(TelegramAddress to, TelegramPage page) {
    say(to, page, Urgency.END).ifPresent(BotVoice::await);
  }

  void say(TelegramAddress to, String text) {
    say(to, plain(text));
  }

  /// Says why something is not done, behind all answers, and does not wait for it: should this process die in that
  /// moment, it is not said.
  void refuse(TelegramAddress to, String text) {
    var _ = say(to, plain(text), Urgency.MORE);
  }

  /// Says something in a chat that nobody asked for, behind all answers.
  ///
  /// @return whether it was shown, once that is known
  CompletableFuture<Boolean> tell(long chat, String text) {
    CompletableFuture<Boolean> said = new CompletableFuture<>();
    attempt(
        TelegramAddress.of(ports.moved().now(chat)),
        new Saying(plain(text), false, Urgency.MORE, TRIES, said));
    return said;
  }

  private static TelegramPage plain(String text) {
    return new TelegramPage(new RichText(text, List.of()), List.of());
  }

  /// @return completed when it was said; empty when it is not, or others are before it
  private Optional<CompletableFuture<Boolean>> say(
      TelegramAddress to, TelegramPage page, Urgency urgency) {
    int place = waiting.merge(to.chat(), 1, Integer::sum);
    CompletableFuture<Boolean> said = new CompletableFuture<>();
    var _ =
        said.thenRun(() -> waiting.computeIfPresent(to.chat(), (c, n) -> n == 1 ? null : n - 1));
    if (place > MOST_WAITING) {
      ports.meters().unsaid();
      said.complete(false);
      return Optional.empty();
    }
    attempt(to.in(ports.moved().now(to.chat())), new Saying(page, true, urgency, TRIES, said));
    return place == 1 ? Optional.of(said) : Optional.empty();
  }

  private static void await(CompletableFuture<Boolean> said) {
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

  /// Changes one of its own messages; not while the chat has to be left alone.
  void change(TelegramAddress at, int messageId, TelegramPage page) {
    repeat(at, Urgency.END, Messages.edit(at, messageId, page), TRIES);
  }

  /// Takes the buttons from one of its own messages, when there is nothing else to do.
  void bare(TelegramAddress at, int messageId) {
    repeat(
        at,
        Urgency.MORE,
        EditMessageReplyMarkup.builder().chatId(at.chat()).messageId(messageId).build(),
        TRIES);
  }

  /// Deletes messages; those that may not be deleted, or are not there, stay as they are.
  void delete(TelegramAddress at, List<Integer> messages) {
    repeat(
        at,
        Urgency.END,
        DeleteMessages.builder().chatId(at.chat()).messageIds(messages).build(),
        TRIES);
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

  private void attempt(TelegramAddress to, Saying saying) {
    whenFree(
        to,
        saying.urgency(),
        Messages.send(to, saying.page(), saying.answer()),
        result -> settle(to, saying, result));
  }

  private <T extends Serializable> void whenFree(
      TelegramAddress at, Urgency urgency, BotApiMethod<T> method, Consumer<ApiResult<T>> then) {
    ports
        .loop()
        .accept(() ->
            ports
                .pacer()
                .whenFree(
                    Long.toString(at.chat()),
                    ports.limits().of(at),
                    () -> urgency,
                    () -> ports.call(method, then)));
  }

  private void settle(TelegramAddress to, Saying saying, ApiResult<Message> result) {
    switch (result) {
      case ApiResult.Flood<Message> flood -> {
        hold(to, flood);
        again(to, saying, Duration.ZERO);
      }
      case ApiResult.Unreachable<Message> away -> again(to, saying, AWAY);
      case ApiResult.Migrated<Message> migrated -> {
        ports.moved().move(to.chat(), migrated.chat());
        again(to.in(migrated.chat()), saying, Duration.ZERO);
      }
      case ApiResult.Ok<Message> ok -> saying.said().complete(true);
      case ApiResult.Refused<Message> refused -> {
        LOG.info("an answer to a command cannot be shown: {}", refused.description());
        saying.said().complete(false);
      }
      case ApiResult.Unknown<Message> unknown -> {
        LOG.warn("an answer to a command may not have arrived: {}", unknown.reason());
        saying.said().complete(false);
      }
    }
  }

  private void again(TelegramAddress to, Saying saying, Duration pause) {
    if (saying.tries() <= 1) {
      LOG.warn("an answer to a command was given up");
      saying.said().complete(false);
      return;
    }
    later(pause, () -> attempt(to, saying.again()));
  }

  /// Makes a call that does no harm when it is made twice, until its outcome is known.
  private <T extends Serializable> void repeat(
      TelegramAddress at, Urgency urgency, BotApiMethod<T> method, int tries) {
    whenFree(
        at,
        urgency,
        method,
        result -> {
          Optional<Duration> pause = pause(at, result);
          if (pause.isPresent() && tries > 1) {
            later(pause.get(), () -> repeat(at, urgency, method, tries - 1));
          } else if (!(result instanceof ApiResult.Ok)) {
            LOG.info("{} of the bot's own did nothing: {}", method.getMethod(), result);
          }
        });
  }

  /// How long to wait before a call that may be made again.
  private Optional<Duration> pause(TelegramAddress at, ApiResult<?> result) {
    return switch (result) {
      case ApiResult.Flood<?> flood -> {
        hold(at, flood);
        yield Optional.of(Duration.ZERO);
      }
      case ApiResult.Unreachable<?> away -> Optional.of(AWAY);
      case ApiResult.Unknown<?> unknown -> Optional.of(AWAY);
      case ApiResult.Ok<?> ok -> Optional.empty();
      case ApiResult.Refused<?> refused -> Optional.empty();
      case ApiResult.Migrated<?> migrated -> Optional.empty();
    };
  }

  private void hold(TelegramAddress at, ApiResult.Flood<?> flood) {
    ports.meters().flood();
    ports.pacer().hold(Long.toString(at.chat()), ports.limits().of(at), flood.retryAfterMs());
  }

  private static void later(Duration pause, Runnable task) {
    var _ =
        Threads.start(
            "telegram-voice",
            () -> {
              try {
                Thread.sleep(pause);
                task.run();
              } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
              }
            });
  }
}
