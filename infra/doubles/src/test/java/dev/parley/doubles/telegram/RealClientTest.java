package dev.parley.doubles.telegram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.telegram.telegrambots.client.okhttp.OkHttpTelegramClient;
import org.telegram.telegrambots.meta.TelegramUrl;
import org.telegram.telegrambots.meta.api.methods.AnswerCallbackQuery;
import org.telegram.telegrambots.meta.api.methods.GetFile;
import org.telegram.telegrambots.meta.api.methods.GetMe;
import org.telegram.telegrambots.meta.api.methods.commands.GetMyCommands;
import org.telegram.telegrambots.meta.api.methods.commands.SetMyCommands;
import org.telegram.telegrambots.meta.api.methods.groupadministration.GetChat;
import org.telegram.telegrambots.meta.api.methods.groupadministration.GetChatMember;
import org.telegram.telegrambots.meta.api.methods.send.SendChatAction;
import org.telegram.telegrambots.meta.api.methods.send.SendDocument;
import org.telegram.telegrambots.meta.api.methods.send.SendMessage;
import org.telegram.telegrambots.meta.api.methods.send.SendMessageDraft;
import org.telegram.telegrambots.meta.api.methods.updates.DeleteWebhook;
import org.telegram.telegrambots.meta.api.methods.updates.GetUpdates;
import org.telegram.telegrambots.meta.api.methods.updates.GetWebhookInfo;
import org.telegram.telegrambots.meta.api.methods.updates.SetWebhook;
import org.telegram.telegrambots.meta.api.methods.updatingmessages.DeleteMessage;
import org.telegram.telegrambots.meta.api.methods.updatingmessages.EditMessageMedia;
import org.telegram.telegrambots.meta.api.methods.updatingmessages.EditMessageText;
import org.telegram.telegrambots.meta.api.objects.InputFile;
import org.telegram.telegrambots.meta.api.objects.LinkPreviewOptions;
import org.telegram.telegrambots.meta.api.objects.MessageEntity;
import org.telegram.telegrambots.meta.api.objects.ReplyParameters;
import org.telegram.telegrambots.meta.api.objects.Update;
import org.telegram.telegrambots.meta.api.objects.media.InputMediaDocument;
import org.telegram.telegrambots.meta.api.objects.replykeyboard.InlineKeyboardMarkup;
import org.telegram.telegrambots.meta.api.objects.replykeyboard.buttons.InlineKeyboardButton;
import org.telegram.telegrambots.meta.api.objects.replykeyboard.buttons.InlineKeyboardRow;
import org.telegram.telegrambots.meta.exceptions.TelegramApiException;
import org.telegram.telegrambots.meta.exceptions.TelegramApiRequestException;
import org.telegram.telegrambots.meta.generics.TelegramClient;

/// The double as the client library meets it that Parley uses.
class RealClientTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final TelegramDouble telegram = TelegramDouble.start();
  private final OkHttpClient okHttp = new OkHttpClient.Builder().build();
  private final TelegramClient client = client(okHttp);
  private final User ada = telegram.users().person("Ada");
  private final Chat chat = telegram.users().privateChat(ada);

  private TelegramClient client(OkHttpClient http) {
    TelegramUrl url =
        TelegramUrl.builder()
            .schema("http")
            .host("127.0.0.1")
            .port(telegram.port())
            .testServer(false)
            .build();
    return new OkHttpTelegramClient(http, telegram.token(), url);
  }

  @AfterEach
  void close() {
    telegram.close();
    okHttp.dispatcher().executorService().shutdownNow();
    okHttp.connectionPool().evictAll();
  }

  private SendMessage.SendMessageBuilder<?, ?> message(String text) {
    return SendMessage.builder().chatId(chat.id()).text(text);
  }

  private EditMessageText edit(int id, String text) {
    return EditMessageText.builder().chatId(chat.id()).messageId(id).text(text).build();
  }

  private interface Calling {
    void call() throws TelegramApiException;
  }

  private static TelegramApiRequestException refused(Calling calling) {
    return catchThrowableOfType(TelegramApiRequestException.class, calling::call);
  }

  private List<String> poll(int offset) throws TelegramApiException {
    return client.execute(GetUpdates.builder().offset(offset).timeout(0).build()).stream()
        .map(update -> update.getMessage().getText())
        .toList();
  }

  @Test
  void a_message_goes_out_with_all_that_belongs_to_it() throws Exception {
    Message asked = telegram.users().says(ada, chat, "What is bold?");
    InlineKeyboardButton stop =
        InlineKeyboardButton.builder().text("Stop").callbackData("stop:1").build();
    var sent =
        client.execute(
            message("bold and example.com")
                .entities(List.of(MessageEntity.builder().type("bold").offset(0).length(4).build()))
                .linkPreviewOptions(LinkPreviewOptions.builder().isDisabled(true).build())
                .replyParameters(ReplyParameters.builder().messageId(asked.id()).build())
                .replyMarkup(
                    InlineKeyboardMarkup.builder().keyboardRow(new InlineKeyboardRow(stop)).build())
                .build());
    assertThat(sent.getReplyToMessage().getText()).isEqualTo("What is bold?");
    assertThat(sent.getReplyMarkup().getKeyboard()).hasSize(1);
    Message shown = telegram.transcript(chat).repliesTo(asked).getFirst();
    assertThat(shown.id()).isEqualTo(sent.getMessageId());
    assertThat(shown.latest().parts(Entity.Type.BOLD)).containsExactly("bold");
    assertThat(shown.latest().parts(Entity.Type.URL)).containsExactly("example.com");
    assertThat(shown.latest().linkPreview()).isFalse();
    assertThat(shown.button("stop:1")).isPresent();
  }

  @Test
  void a_message_is_edited_and_an_edit_that_changes_nothing_is_an_error() throws Exception {
    telegram.users().says(ada, chat, "/start");
    int id = client.execute(message("one").build()).getMessageId();
    client.execute(edit(id, "two"));
    assertThat(telegram.transcript(chat).fromBot().getFirst().text()).isEqualTo("two");
    TelegramApiRequestException same = refused(() -> client.execute(edit(id, "two")));
    assertThat(same.getErrorCode()).isEqualTo(400);
    assertThat(same.getApiResponse()).startsWith("Bad Request: message is not modified");
  }

  @Test
  void a_text_that_is_too_long_is_an_error_with_its_words() {
    telegram.users().says(ada, chat, "/start");
    TelegramApiRequestException tooLong =
        refused(() -> client.execute(message("x".repeat(4097)).build()));
    assertThat(tooLong.getErrorCode()).isEqualTo(400);
    assertThat(tooLong.getApiResponse()).isEqualTo("Bad Request: message is too long");
  }

  @Test
  void too_many_requests_say_how_long_to_wait() {
    telegram.users().says(ada, chat, "/start");
    telegram.faults().next(Method.SEND_MESSAGE, Fault.tooManyRequests(17));
    TelegramApiRequestException many = refused(() -> client.execute(message("x").build()));
    assertThat(many.getErrorCode()).isEqualTo(429);
    assertThat(many.getParameters().getRetryAfter()).isEqualTo(17);
  }

  @Test
  void a_migrated_group_says_its_new_id() {
    Chat group = telegram.users().group("Team", ada);
    Chat next = telegram.users().migrates(ada, group);
    TelegramApiRequestException migrated =
        refused(() -> client.execute(SendMessage.builder().chatId(group.id()).text("x").build()));
    assertThat(migrated.getParameters().getMigrateToChatId()).isEqualTo(next.id());
  }

  @Test
  void a_body_that_is_no_json_has_neither_code_nor_parameters() {
    telegram.users().says(ada, chat, "/start");
    telegram.faults().next(Method.SEND_MESSAGE, Fault.serverError(502));
    TelegramApiRequestException broken = refused(() -> client.execute(message("x").build()));
    assertThat(broken.getParameters()).isNull();
    assertThat(broken.getErrorCode()).isIn(null, 0);
  }

  @Test
  void updates_are_confirmed_by_the_offset() throws Exception {
    telegram.users().says(ada, chat, "one");
    telegram.users().says(ada, chat, "two");
    List<Update> updates = client.execute(GetUpdates.builder().timeout(0).build());
    assertThat(updates).hasSize(2);
    assertThat(updates.getFirst().getMessage().getFrom().getLanguageCode()).isEqualTo("en");
    int second = updates.get(1).getUpdateId();
    assertThat(poll(second)).containsExactly("two");
    assertThat(poll(second + 1)).isEmpty();
    assertThat(telegram.pendingUpdates()).isZero();
  }

  @Test
  void of_two_pollers_the_older_meets_a_conflict() throws Exception {
    CompletableFuture<?> older = client.executeAsync(GetUpdates.builder().timeout(8).build());
    telegram.awaitCalls(calls -> calls.size() == 1, LIMIT);
    CompletableFuture<?> newer = client.executeAsync(GetUpdates.builder().timeout(8).build());
    CompletionException conflict = catchThrowableOfType(CompletionException.class, older::join);
    assertThat(conflict.getCause())
        .isInstanceOfSatisfying(
            TelegramApiRequestException.class, e -> assertThat(e.getErrorCode()).isEqualTo(409));
    telegram.users().says(ada, chat, "hello");
    assertThat((List<?>) newer.join()).hasSize(1);
  }

  @Test
  void a_press_comes_and_is_answered() throws Exception {
    telegram.users().says(ada, chat, "/start");
    InlineKeyboardButton go = InlineKeyboardButton.builder().text("Go").callbackData("go").build();
    int id =
        client
            .execute(
                message("x")
                    .replyMarkup(
                        InlineKeyboardMarkup.builder()
                            .keyboardRow(new InlineKeyboardRow(go))
                            .build())
                    .build())
            .getMessageId();
    Message sent = telegram.transcript(chat).message(id).orElseThrow();
    Press press = telegram.users().presses(ada, sent, "Go");
    Update update = client.execute(GetUpdates.builder().timeout(0).build()).getLast();
    assertThat(update.getCallbackQuery().getData()).isEqualTo("go");
    assertThat(update.getCallbackQuery().getMessage().getMessageId()).isEqualTo(id);
    client.execute(
        AnswerCallbackQuery.builder()
            .callbackQueryId(update.getCallbackQuery().getId())
            .text("Gone")
            .build());
    assertThat(telegram.transcript(chat).now(press).answer().orElseThrow().text())
        .isEqualTo("Gone");
  }

  @Test
  void a_document_is_sent() throws Exception {
    telegram.users().says(ada, chat, "/start");
    byte[] bytes = "a\r\n--b\r\n\r\nc".getBytes(StandardCharsets.UTF_8);
    InputFile file = new InputFile(new ByteArrayInputStream(bytes), "r\u00e9ponse.md");
    client.execute(SendDocument.builder().chatId(chat.id()).document(file).caption("here").build());
    Message sent = telegram.transcript(chat).fromBot().getFirst();
    Attachment attachment = sent.attachment().orElseThrow();
    assertThat(attachment.name()).isEqualTo("r\u00e9ponse.md");
    assertThat(telegram.bytes(attachment)).isEqualTo(bytes);
    assertThat(sent.text()).isEqualTo("here");
  }

  @Test
  void a_document_takes_the_place_of_another() throws Exception {
    telegram.users().says(ada, chat, "/start");
    InputFile first = new InputFile(new ByteArrayInputStream(new byte[] {1}), "a.md");
    int id =
        client
            .execute(SendDocument.builder().chatId(chat.id()).document(first).build())
            .getMessageId();
    byte[] bytes = "# Привет".getBytes(StandardCharsets.UTF_8);
    client.execute(
        EditMessageMedia.builder()
            .chatId(chat.id())
            .messageId(id)
            .media(new InputMediaDocument(new ByteArrayInputStream(bytes), "b.md"))
            .build());
    Attachment now = telegram.transcript(chat).fromBot().getFirst().attachment().orElseThrow();
    assertThat(now.name()).isEqualTo("b.md");
    assertThat(telegram.bytes(now)).isEqualTo(bytes);
  }

  @Test
  void a_file_of_a_person_is_fetched() throws Exception {
    byte[] bytes = "# Notes".getBytes(StandardCharsets.UTF_8);
    telegram.users().sendsDocument(ada, chat, "notes.md", "text/markdown", bytes, "");
    var document =
        client
            .execute(GetUpdates.builder().timeout(0).build())
            .getFirst()
            .getMessage()
            .getDocument();
    var file = client.execute(GetFile.builder().fileId(document.getFileId()).build());
    // The library's own downloadFile asks api.telegram.org, whatever address it was given.
    Request request =
        new Request.Builder()
            .url(telegram.url() + "/file/bot" + telegram.token() + "/" + file.getFilePath())
            .build();
    try (Response response = okHttp.newCall(request).execute()) {
      assertThat(Objects.requireNonNull(response.body()).bytes()).isEqualTo(bytes);
    }
  }

  @Test
  void the_other_methods_are_understood() throws Exception {
    telegram.users().says(ada, chat, "/start");
    assertThat(client.execute(new GetMe()).getUserName()).isEqualTo("parley_bot");
    assertThat(client.execute(SendChatAction.builder().chatId(chat.id()).action("typing").build()))
        .isTrue();
    assertThat(
            client.execute(
                SendMessageDraft.builder().chatId(chat.id()).draftId(4).text("Hel").build()))
        .isTrue();
    assertThat(telegram.transcript(chat).drafts()).hasSize(1);
    client.execute(
        SetMyCommands.builder()
            .command(
                new org.telegram.telegrambots.meta.api.objects.commands.BotCommand(
                    "new", "Start anew"))
            .build());
    assertThat(client.execute(new GetMyCommands())).hasSize(1);
    assertThat(client.execute(GetChat.builder().chatId(chat.id()).build()).getFirstName())
        .isEqualTo("Ada");
    Chat group = telegram.users().group("Team", ada);
    telegram.users().promotesBot(ada, group);
    assertThat(
            client
                .execute(
                    GetChatMember.builder().chatId(group.id()).userId(telegram.bot().id()).build())
                .getStatus())
        .isEqualTo("administrator");
    int id = client.execute(message("x").build()).getMessageId();
    assertThat(client.execute(DeleteMessage.builder().chatId(chat.id()).messageId(id).build()))
        .isTrue();
  }

  @Test
  void a_webhook_is_set_seen_and_deleted() throws Exception {
    client.execute(
        SetWebhook.builder()
            .url("http://127.0.0.1:9/hook")
            .secretToken("s3cret")
            .maxConnections(3)
            .build());
    assertThat(client.execute(new GetWebhookInfo()).getMaxConnections()).isEqualTo(3);
    assertThat(refused(() -> poll(0)).getErrorCode()).isEqualTo(409);
    assertThat(client.execute(new DeleteWebhook())).isTrue();
    assertThat(poll(0)).isEmpty();
  }

  @Test
  void a_fresh_connection_that_is_cut_after_the_message_was_taken_is_an_error() {
    telegram.users().says(ada, chat, "/start");
    telegram.faults().next(Method.SEND_MESSAGE, Fault.resetAfterCommit());
    TelegramApiException lost =
        catchThrowableOfType(
            TelegramApiException.class, () -> client.execute(message("once").build()));
    assertThat(lost).isNotNull();
    assertThat(telegram.transcript(chat).fromBot()).hasSize(1);
  }

  @Test
  void no_failure_of_the_network_tells_the_token() {
    telegram.users().says(ada, chat, "/start");
    OkHttpClient hasty =
        okHttp
            .newBuilder()
            .retryOnConnectionFailure(false)
            .readTimeout(Duration.ofMillis(50))
            .build();
    telegram
        .faults()
        .next(
            Method.SEND_MESSAGE,
            Fault.resetBeforeCommit(),
            Fault.silenceBeforeCommit(),
            Fault.serverError(502));
    for (int i = 0; i < 3; i++) {
      StringWriter told = new StringWriter();
      Throwable lost = catchThrowable(() -> client(hasty).execute(message("x").build()));
      lost.printStackTrace(new PrintWriter(told));
      assertThat(told.toString())
          .contains("org.telegram")
          .doesNotContain(telegram.token())
          .doesNotContain("made-up");
    }
    telegram.close();
    okHttp.connectionPool().evictAll();
    StringWriter told = new StringWriter();
    catchThrowable(() -> client(hasty).execute(message("x").build()))
        .printStackTrace(new PrintWriter(told));
    assertThat(told.toString()).contains("ConnectException").doesNotContain(telegram.token());
  }

  /// Why a bot must turn OkHttp's own retries off: it cannot know that the message was taken.
  @Test
  void on_a_kept_connection_the_library_sends_a_second_time_unless_it_is_told_not_to()
      throws Exception {
    telegram.users().says(ada, chat, "/start");
    client.execute(new GetMe());
    telegram.faults().next(Method.SEND_MESSAGE, Fault.resetAfterCommit());
    client.execute(message("twice").build());
    assertThat(telegram.transcript(chat).fromBot()).hasSize(2);

    OkHttpClient once = okHttp.newBuilder().retryOnConnectionFailure(false).build();
    client(once).execute(new GetMe());
    telegram.faults().next(Method.SEND_MESSAGE, Fault.resetAfterCommit());
    TelegramApiException lost =
        catchThrowableOfType(
            TelegramApiException.class, () -> client(once).execute(message("once").build()));
    assertThat(lost).isNotNull();
    assertThat(telegram.transcript(chat).fromBot()).hasSize(3);
  }
}
