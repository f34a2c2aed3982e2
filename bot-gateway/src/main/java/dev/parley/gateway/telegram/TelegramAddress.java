package dev.parley.gateway.telegram;

import dev.parley.shared.wire.ReplyAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Where a turn's reply goes and what it answers, in the form that its record keeps.
///
/// @param thread the forum topic, 0 for none
/// @param questions ids of the messages that are answered together; the reply quotes the first
/// @param askedS when the last of them was written, seconds since 1970, as Telegram says
/// @param group whether others read along, who share the chat's send limit
record TelegramAddress(
    long chat, int thread, List<Integer> questions, long askedS, boolean group, Locale language) {

  static final String PLATFORM = "telegram";

  private static final int PARTS = 6;

  TelegramAddress {
    questions = List.copyOf(questions);
    if (questions.isEmpty()) {
      throw new IllegalArgumentException("a reply answers something");
    }
  }

  /// Somewhere in a chat, in answer to nothing.
  static TelegramAddress of(long chat) {
    return new TelegramAddress(chat, 0, List.of(0), 0, chat < 0, Words.LANGUAGES.getFirst());
  }

  /// Empty for an address on another platform.
  ///
  /// @throws IllegalArgumentException when it is not of the form that [#toReply] writes
  static Optional<TelegramAddress> of(ReplyAddress address) {
    if (!address.platform().equals(PLATFORM)) {
      return Optional.empty();
    }
    String[] parts = address.chat().split("/", -1);
    if (parts.length != PARTS) {
      throw new IllegalArgumentException("not an address in Telegram: " + address);
    }
    return Optional.of(
        new TelegramAddress(
            Long.parseLong(parts[0]),
            Integer.parseInt(parts[1]),
            Stream.of(parts[2].split(",", -1)).map(Integer::valueOf).toList(),
            Long.parseLong(parts[3]),
            parts[4].equals("g"),
            Locale.forLanguageTag(parts[5])));
  }

  ReplyAddress toReply() {
    String ids = questions.stream().map(String::valueOf).collect(Collectors.joining(","));
    return new ReplyAddress(
        PLATFORM,
        "%d/%d/%s/%d/%s/%s"
            .formatted(chat, thread, ids, askedS, group ? "g" : "p", language.toLanguageTag()));
  }

  /// The message that the reply quotes.
  int quoted() {
    return questions.getFirst();
  }

  TelegramAddress in(long otherChat) {
    return new TelegramAddress(otherChat, thread, questions, askedS, group, language);
  }

  TelegramAddress speaking(Locale otherLanguage) {
    return new TelegramAddress(chat, thread, questions, askedS, group, otherLanguage);
  }

  /// Answers the other's messages too.
  TelegramAddress and(TelegramAddress later) {
    List<Integer> all = new ArrayList<>(questions);
    all.addAll(later.questions);
    return new TelegramAddress(chat, thread, all, later.askedS, group, language);
  }

  /// The unit of history and order: a chat, or one of its topics.
  static String conversation(long bot, long chat, int thread) {
    return "tg:" + bot + ":" + chat + (thread == 0 ? "" : ":" + thread);
  }
}
