package dev.parley.worker.engine;

import dev.parley.shared.grammar.GrammarException;
import dev.parley.shared.grammar.GrammarState;
import dev.parley.shared.wire.ChatMessage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.zip.CRC32;

/// The language of the fake model: a token is a word, its id a hash of the word, an answer a pure function
/// of the prompt's words and the seed.
final class FakeWords {
  /// Ends an answer.
  static final int END = 0;

  /// Ends a prompt: the answer begins after it.
  static final int ANSWER = 1;

  private static final List<String> ROLES = List.of("system", "user", "assistant");
  private static final int FIRST_ROLE = 2;
  private static final Pattern WHITE_SPACE = Pattern.compile("\\s+");
  private static final Pattern WISH = Pattern.compile("(\\d{1,5}) words");
  private static final int SHORTEST = 24;
  private static final int SPREAD = 32;
  private static final int FIRST_WORD = 16;
  private static final String PRINTABLE =
      IntStream.rangeClosed(' ', '~')
          .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
          .toString();
  private static final String CLOSING = "}]\",";
  private static final String[] VOCABULARY =
      ("the river stone light carries under every quiet morning and people walk along old roads"
              + " with letters songs questions maps gardens clocks windows while rain falls softly"
              + " over harbour bridges towards evening markets where bread tea stories wait")
          .split(" ");

  /// Every word seen, for as long as the process lives: a fake's prompts are few.
  private final Map<Integer, String> known = new ConcurrentHashMap<>();

  FakeWords() {
    id("You");
    id(" said:");
    for (String word : VOCABULARY) {
      id(" " + word);
    }
  }

  /// Token ids of a conversation.
  int[] prompt(List<ChatMessage> messages) {
    List<Integer> ids = new ArrayList<>();
    for (ChatMessage message : messages) {
      ids.add(FIRST_ROLE + 1 + ROLES.indexOf(message.role()));
      for (String word : words(message.content())) {
        ids.add(id(word));
        id(" " + word);
      }
    }
    ids.add(ANSWER);
    return ids.stream().mapToInt(Integer::intValue).toArray();
  }

  /// The word of a token; empty for the two control tokens and for ids never seen here.
  String word(int id) {
    return known.getOrDefault(id, "");
  }

  /// The token that follows the first `index` ones of the answer to a prompt.
  int next(int[] prompt, long seed, int index) {
    List<String> question = question(prompt);
    long hash = mix(seed);
    for (int id : prompt) {
      hash = mix(hash ^ id);
    }
    return index >= length(question, hash) ? END : id(wordAt(question, hash, index));
  }

  /// The token that follows when a grammar says what may: one character, of the allowed ones first those that end
  /// something, then one drawn by hash.
  ///
  /// @throws GrammarException when none of ASCII's printable ones is allowed
  int nextWithin(GrammarState grammar, long seed, int index) {
    if (grammar.complete()) {
      return END;
    }
    String allowed =
        PRINTABLE
            .chars()
            .filter(c -> !grammar.next((byte) c).dead())
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
    if (allowed.isEmpty()) {
      throw new GrammarException("the grammar allows no word of the fake's");
    }
    int drawn = (int) Math.floorMod(mix(seed ^ index), (long) allowed.length());
    char next =
        (char)
            CLOSING
                .chars()
                .filter(c -> allowed.indexOf(c) >= 0)
                .findFirst()
                .orElse(allowed.charAt(drawn));
    return id(String.valueOf(next));
  }

  private static int length(List<String> question, long hash) {
    Matcher wish = WISH.matcher(String.join(" ", question));
    return wish.find()
        ? Integer.parseInt(wish.group(1))
        : SHORTEST + (int) Math.floorMod(hash, (long) SPREAD);
  }

  /// `You said: ` with the last message's words, then words drawn by hash.
  private static String wordAt(List<String> question, long hash, int index) {
    if (index == 0) {
      return "You";
    }
    if (index == 1) {
      return " said:";
    }
    if (index - 2 < question.size()) {
      return " " + question.get(index - 2);
    }
    long drawn = Math.floorMod(mix(hash ^ index), (long) VOCABULARY.length);
    return " " + VOCABULARY[(int) drawn];
  }

  /// Words of the last message.
  private List<String> question(int[] prompt) {
    List<String> words = new ArrayList<>();
    for (int i = prompt.length - 2; i >= 0 && !isRole(prompt[i]); i--) {
      words.addFirst(word(prompt[i]));
    }
    return words;
  }

  private static boolean isRole(int id) {
    return id < FIRST_WORD;
  }

  private static List<String> words(String text) {
    return WHITE_SPACE.splitAsStream(text).filter(word -> !word.isEmpty()).toList();
  }

  private int id(String word) {
    CRC32 hash = new CRC32();
    hash.update(word.getBytes(StandardCharsets.UTF_8));
    int id = FIRST_WORD + (int) (hash.getValue() % (Integer.MAX_VALUE - FIRST_WORD));
    known.put(id, word);
    return id;
  }

  private static long mix(long value) {
    long z = value + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
