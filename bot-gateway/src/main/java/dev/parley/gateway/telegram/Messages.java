package dev.parley.gateway.telegram;

import dev.parley.gateway.telegram.markup.RichText;
import dev.parley.gateway.telegram.markup.Span;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.telegram.telegrambots.meta.api.methods.send.SendDocument;
import org.telegram.telegrambots.meta.api.methods.send.SendMessage;
import org.telegram.telegrambots.meta.api.methods.send.SendMessageDraft;
import org.telegram.telegrambots.meta.api.methods.updatingmessages.EditMessageMedia;
import org.telegram.telegrambots.meta.api.methods.updatingmessages.EditMessageText;
import org.telegram.telegrambots.meta.api.objects.InputFile;
import org.telegram.telegrambots.meta.api.objects.LinkPreviewOptions;
import org.telegram.telegrambots.meta.api.objects.MessageEntity;
import org.telegram.telegrambots.meta.api.objects.ReplyParameters;
import org.telegram.telegrambots.meta.api.objects.media.InputMediaDocument;
import org.telegram.telegrambots.meta.api.objects.replykeyboard.InlineKeyboardMarkup;
import org.telegram.telegrambots.meta.api.objects.replykeyboard.buttons.InlineKeyboardButton;
import org.telegram.telegrambots.meta.api.objects.replykeyboard.buttons.InlineKeyboardRow;

/// Our messages as the Bot API wants them: with entities, never with a parse mode, and without previews of what a
/// model may have made up.
final class Messages {
  private static final String DOCUMENT_NAME = "answer.md";

  private Messages() {}

  /// @param quoting whether the message that is answered is quoted
  static SendMessage send(TelegramAddress to, TelegramPage page, boolean quoting) {
    return SendMessage.builder()
        .chatId(to.chat())
        .messageThreadId(to.thread() == 0 ? null : to.thread())
        .text(page.text().text())
        .entities(entities(page.text()))
        .linkPreviewOptions(noPreview())
        .replyParameters(quoting ? quote(to) : null)
        .replyMarkup(keyboard(page))
        .build();
  }

  /// A page that is a document.
  static SendDocument sendDocument(TelegramAddress to, String text) {
    return SendDocument.builder()
        .chatId(to.chat())
        .messageThreadId(to.thread() == 0 ? null : to.thread())
        .document(new InputFile(utf8(text), DOCUMENT_NAME))
        .build();
  }

  static EditMessageMedia editDocument(TelegramAddress at, int messageId, String text) {
    return EditMessageMedia.builder()
        .chatId(at.chat())
        .messageId(messageId)
        .media(new InputMediaDocument(utf8(text), DOCUMENT_NAME))
        .build();
  }

  private static InputStream utf8(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  static SendMessageDraft draft(TelegramAddress to, TelegramPage page) {
    return new StoppableDraft(
        to.chat(),
        to.thread() == 0 ? null : to.thread(),
        Drafts.id(to),
        page.text().text(),
        entities(page.text()));
  }

  static EditMessageText edit(TelegramAddress at, int messageId, TelegramPage page) {
    return EditMessageText.builder()
        .chatId(at.chat())
        .messageId(messageId)
        .text(page.text().text())
        .entities(entities(page.text()))
        .linkPreviewOptions(noPreview())
        .replyMarkup(keyboard(page))
        .build();
  }

  /// Without any markup: for a text whose entities Telegram does not take.
  static TelegramPage plain(TelegramPage page) {
    return new TelegramPage(new RichText(page.text().text(), List.of()), page.rows());
  }

  private static ReplyParameters quote(TelegramAddress to) {
    return ReplyParameters.builder().messageId(to.quoted()).allowSendingWithoutReply(true).build();
  }

  private static LinkPreviewOptions noPreview() {
    return LinkPreviewOptions.builder().isDisabled(true).build();
  }

  private static List<MessageEntity> entities(RichText text) {
    return text.spans().stream().map(Messages::entity).toList();
  }

  private static MessageEntity entity(Span span) {
    var entity =
        MessageEntity.builder()
            .type(
                switch (span.style()) {
                  case BOLD -> "bold";
                  case ITALIC -> "italic";
                  case STRIKETHROUGH -> "strikethrough";
                  case CODE -> "code";
                  case PRE -> "pre";
                  case BLOCKQUOTE -> "blockquote";
                })
            .offset(span.offset())
            .length(span.length());
    if (!span.language().isEmpty()) {
      entity.language(span.language());
    }
    return entity.build();
  }

  private static @Nullable InlineKeyboardMarkup keyboard(TelegramPage page) {
    if (page.rows().isEmpty()) {
      return null;
    }
    var keyboard = InlineKeyboardMarkup.builder();
    for (List<TelegramPage.Button> buttons : page.rows()) {
      InlineKeyboardRow row = new InlineKeyboardRow();
      for (TelegramPage.Button button : buttons) {
        row.add(
            InlineKeyboardButton.builder()
                .text(button.label())
                .callbackData(button.data())
                .build());
      }
      keyboard.keyboardRow(row);
    }
    return keyboard.build();
  }
}
