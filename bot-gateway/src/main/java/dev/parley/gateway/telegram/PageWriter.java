package dev.parley.gateway.telegram;

import dev.parley.gateway.reply.ReplyContent;
import dev.parley.gateway.telegram.TelegramPage.Button;
import dev.parley.gateway.telegram.markup.Pages;
import dev.parley.gateway.telegram.markup.RichText;
import dev.parley.shared.wire.EndReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Turns what is to be said into Telegram messages: the answer's pages, what is to be said of its end, and the
/// buttons, which only the last page has; behind them a document of a long answer that has ended. Pure; not thread-safe.
final class PageWriter {

  /// Longest message, in UTF-16 units after its markup was taken out.
  static final int LIMIT = 4_096;

  private final Words words;
  private final String turnId;
  private final int documentOver;

  /// Remembers the pages that are full.
  private final Pages answer = new Pages(LIMIT);

  private @Nullable ReplyContent lastContent;
  private List<TelegramPage> lastPages = List.of();

  /// @param documentOver an answer that is longer comes as a document too, UTF-16 units; 0: none does
  PageWriter(Words words, String turnId, int documentOver) {
    this.words = words;
    this.turnId = turnId;
    this.documentOver = documentOver;
  }

  /// Asked several times for each call, so the last answer is kept.
  List<TelegramPage> pages(ReplyContent content) {
    if (!content.equals(lastContent)) {
      lastPages = write(content);
      lastContent = content;
    }
    return lastPages;
  }

  private List<TelegramPage> write(ReplyContent content) {
    List<RichText> texts = new ArrayList<>(answer.show(content.text(), content.ended()));
    String last = lastWords(content, texts.isEmpty());
    if (!last.isEmpty()) {
      append(texts, last);
    }
    List<TelegramPage> pages = new ArrayList<>();
    for (RichText text : texts) {
      boolean isLast = pages.size() == texts.size() - 1;
      pages.add(new TelegramPage(text, isLast ? List.of(buttons(content)) : List.of()));
    }
    if (content.ended() && documentOver > 0 && content.text().length() > documentOver) {
      pages.add(TelegramPage.document(content.text()));
    }
    return pages;
  }

  private String lastWords(ReplyContent content, boolean nothing) {
    Optional<EndReason> end = content.end();
    if (end.isEmpty()) {
      return !nothing
          ? ""
          : content.before() == 0
              ? ReplyContent.PLACEHOLDER
              : content.waitS() == 0
                  ? words.say("waiting", content.before())
                  : words.say("waiting.about", content.before(), content.waitS());
    }
    String sentence = words.end(end.get());
    return nothing && sentence.isEmpty() ? words.say("empty") : sentence;
  }

  /// As a paragraph of its own, in a message of its own where there is no room.
  private static void append(List<RichText> texts, String sentence) {
    if (!texts.isEmpty()) {
      RichText last = texts.getLast();
      String text = last.text() + "\n\n" + sentence;
      if (text.length() <= LIMIT) {
        texts.set(texts.size() - 1, new RichText(text, last.spans()));
        return;
      }
    }
    texts.add(new RichText(sentence, List.of()));
  }

  private List<Button> buttons(ReplyContent content) {
    if (!content.ended()) {
      return List.of(button("stop"));
    }
    List<Button> buttons = new ArrayList<>();
    buttons.add(button("again"));
    if (content.end().equals(Optional.of(EndReason.LENGTH))) {
      buttons.add(button("more"));
    }
    if (content.end().map(EndReason::answered).orElse(false)) {
      buttons.add(button("up"));
      buttons.add(button("down"));
    }
    return buttons;
  }

  private Button button(String action) {
    return new Button(words.say("button." + action), action + ":" + turnId);
  }
}
