package dev.parley.gateway.telegram;

import dev.parley.gateway.reply.EditPacer;
import dev.parley.gateway.reply.ReplyContent;
import dev.parley.gateway.reply.ReplyPlatform;
import dev.parley.gateway.reply.SendRate;
import dev.parley.gateway.reply.Urgency;
import dev.parley.shared.turn.TurnRef;
import java.io.Serializable;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.telegram.telegrambots.meta.api.methods.botapimethods.BotApiMethod;
import org.telegram.telegrambots.meta.api.methods.send.SendDocument;
import org.telegram.telegrambots.meta.api.methods.updatingmessages.DeleteMessage;
import org.telegram.telegrambots.meta.api.methods.updatingmessages.EditMessageMedia;
import org.telegram.telegrambots.meta.api.objects.message.Message;

/// The reply to one Telegram message. Stepped on the gateway's machine thread; calls are made elsewhere.
final class TelegramReply implements ReplyPlatform<TelegramPage> {
  private static final Logger LOG = LoggerFactory.getLogger(TelegramReply.class);

  private static final String NOT_MODIFIED = "message is not modified";
  private static final int BAD_REQUEST = 400;
  private static final int UNAUTHORIZED = 401;

  /// Waits between tries of a call that cannot be made at all, ms.
  private static final long AWAY_MS = 2_000;

  /// The same while the token is refused, ms.
  private static final long REVOKED_MS = 30_000;

  /// What the replies of a bot share.
  ///
  /// @param documentOver an answer that is longer comes as a document too, UTF-16 units; 0: none does
  /// @param loop runs a task on the machine thread
  record Ports(
      TelegramApi api,
      EditPacer pacer,
      TelegramLimits limits,
      TelegramMeters meters,
      MovedChats moved,
      Drafts drafts,
      int documentOver,
      Consumer<Runnable> loop) {

    /// Makes a call for which the pacer gave leave.
    ///
    /// @param then called once, on the machine thread
    <T extends Serializable> void call(BotApiMethod<T> method, Consumer<ApiResult<T>> then) {
      api.call(method, back(then));
    }

    /// The same with a file.
    void call(SendDocument method, Consumer<ApiResult<Message>> then) {
      api.call(method, back(then));
    }

    /// The same with a file.
    void call(EditMessageMedia method, Consumer<ApiResult<Serializable>> then) {
      api.call(method, back(then));
    }

    private <T> Consumer<ApiResult<T>> back(Consumer<ApiResult<T>> then) {
      return result ->
          loop.accept(() -> {
            then.accept(result);
            pacer.look();
          });
    }
  }

  private final Ports ports;
  private final PageWriter writer;
  private TelegramAddress address;

  /// This chat takes no documents. The answer is in the messages above it, so it is shown all the same.
  private boolean documentRefused;

  TelegramReply(Ports ports, TelegramAddress address, String turnId) {
    this.ports = ports;
    this.address = address.in(ports.moved().now(address.chat()));
    this.writer = new PageWriter(Words.in(address.language()), turnId, ports.documentOver());
  }

  @Override
  public List<TelegramPage> pages(ReplyContent content) {
    List<TelegramPage> pages = writer.pages(content);
    return documentRefused
        ? pages.stream().filter(page -> page.document().isEmpty()).toList()
        : pages;
  }

  @Override
  public void whenFree(Supplier<Urgency> urgency, Runnable then) {
    ports.pacer().whenFree(chat(), rate(), urgency, then);
  }

  /// A bot cannot read its own messages.
  @Override
  public boolean canFind() {
    return false;
  }

  @Override
  public void find(TurnRef ref, int part, Consumer<Result> then) {
    throw new UnsupportedOperationException("Telegram cannot look a message up");
  }

  @Override
  public void send(TurnRef ref, int part, TelegramPage page, Consumer<Result> then) {
    if (page.document().isPresent()) {
      ports.call(
          Messages.sendDocument(address, page.document().get()),
          result -> then.accept(document(result, m -> name(m.getMessageId(), true))));
      return;
    }
    Function<TelegramPage, BotApiMethod<Message>> method =
        shown -> Messages.send(address, shown, part == 0);
    call(method, page, result -> result(result, m -> name(m.getMessageId(), false)), then);
  }

  private static String name(int id, boolean document) {
    return new SentMessage(id, document).toString();
  }

  private <T> Result document(ApiResult<T> result, Function<T, String> id) {
    boolean refused =
        result instanceof ApiResult.Refused<T> r
            && r.code() != UNAUTHORIZED
            && !r.says(NOT_MODIFIED);
    if (!refused) {
      return result(result, id);
    }
    LOG.info("a document cannot be shown: {}", result);
    documentRefused = true;
    return new Result.Later(0);
  }

  @Override
  public boolean canBecome(String messageId, TelegramPage page) {
    return SentMessage.of(messageId).document() == page.document().isPresent();
  }

  @Override
  public void edit(TurnRef ref, String messageId, TelegramPage page, Consumer<Result> then) {
    int id = SentMessage.of(messageId).id();
    if (page.document().isPresent()) {
      ports.call(
          Messages.editDocument(address, id, page.document().get()),
          result -> then.accept(document(result, done -> messageId)));
      return;
    }
    Function<TelegramPage, BotApiMethod<Serializable>> method =
        shown -> Messages.edit(address, id, shown);
    call(method, page, result -> result(result, done -> messageId), then);
  }

  @Override
  public OptionalLong previewMs() {
    return ports.drafts().worksIn(address)
        ? OptionalLong.of(Drafts.AGAIN_MS)
        : OptionalLong.empty();
  }

  @Override
  public void preview(TurnRef ref, TelegramPage page, Consumer<Result> then) {
    Function<TelegramPage, BotApiMethod<Boolean>> method = shown -> Messages.draft(address, shown);
    call(method, Drafts.of(page), this::previewed, then);
  }

  private Result previewed(ApiResult<Boolean> result) {
    if (result instanceof ApiResult.Refused<Boolean> refused && refused.code() != UNAUTHORIZED) {
      ports.drafts().refused(refused);
      return new Result.Gone();
    }
    return result(result, done -> "");
  }

  @Override
  public void delete(TurnRef ref, String messageId, Consumer<Result> then) {
    DeleteMessage method =
        DeleteMessage.builder()
            .chatId(address.chat())
            .messageId(SentMessage.of(messageId).id())
            .build();
    ports.call(
        method,
        result -> {
          boolean isThere =
              !(result instanceof ApiResult.Refused<Boolean> refused)
                  || refused.code() != BAD_REQUEST;
          then.accept(isThere ? result(result, done -> messageId) : new Result.Ok(messageId));
        });
  }

  private <T extends Serializable> void call(
      Function<TelegramPage, BotApiMethod<T>> method,
      TelegramPage page,
      Function<ApiResult<T>, Result> read,
      Consumer<Result> then) {
    ports.call(
        method.apply(page),
        result -> {
          if (page.text().spans().isEmpty() || !refusesMarkup(result)) {
            then.accept(read.apply(result));
          } else {
            ports.meters().plainFallback();
            call(method, Messages.plain(page), read, then);
          }
        });
  }

  private static boolean refusesMarkup(ApiResult<?> result) {
    return result instanceof ApiResult.Refused<?> refused
        && refused.code() == BAD_REQUEST
        && (refused.says("entit") || refused.says("ENTIT"));
  }

  private <T> Result result(ApiResult<T> result, Function<T, String> id) {
    return switch (result) {
      case ApiResult.Ok<T> ok -> new Result.Ok(id.apply(ok.value()));
      case ApiResult.Flood<T> flood -> {
        ports.meters().flood();
        ports.pacer().hold(chat(), rate(), flood.retryAfterMs());
        yield new Result.Later(flood.retryAfterMs());
      }
      case ApiResult.Migrated<T> migrated -> {
        ports.moved().move(address.chat(), migrated.chat());
        address = address.in(migrated.chat());
        yield new Result.Moved();
      }
      case ApiResult.Refused<T> refused -> refused(refused);
      case ApiResult.Unreachable<T> away -> new Result.Later(AWAY_MS);
      case ApiResult.Unknown<T> unknown -> {
        LOG.warn("a call to Telegram with an unknown outcome: {}", unknown.reason());
        yield new Result.Unknown();
      }
    };
  }

  private Result refused(ApiResult.Refused<?> refused) {
    if (refused.says(NOT_MODIFIED)) {
      return new Result.Ok("");
    }
    if (refused.code() == UNAUTHORIZED) {
      LOG.error("Telegram refuses the bot's token: {}", refused.description());
      return new Result.Later(REVOKED_MS);
    }
    LOG.info("a reply cannot be shown any more: {} {}", refused.code(), refused.description());
    ports.meters().gone();
    return new Result.Gone();
  }

  private String chat() {
    return Long.toString(address.chat());
  }

  private SendRate rate() {
    return ports.limits().of(address);
  }
}
