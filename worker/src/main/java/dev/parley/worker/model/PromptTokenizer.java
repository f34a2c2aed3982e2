package dev.parley.worker.model;

import dev.parley.shared.wire.ChatMessage;
import dev.parley.worker.llama.LlamaVocab;
import dev.parley.worker.template.RenderedPrompt;
import dev.parley.worker.template.Segment;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// A rendered prompt into token ids.
///
/// The text is split at the special tokens that the *template* wrote, and at no others: what lies between
/// is tokenized in one piece without special parsing, so that template text and message text meet as the
/// model was trained to see them, and a user who types `<|im_start|>` stays a user.
///
/// An earlier answer is put back with the ids it was generated with, as long as they were made under the
/// same fingerprint and still spell what the template shows: tokenizing its text again may give others,
/// and then nothing cached after it could be used. BOS comes exactly once where the vocabulary wants
/// it. Thread-safe.
final class PromptTokenizer {
  private static final String WHITE_SPACE = " \t\n\u000B\f\r";

  private final LlamaVocab vocab;
  private final String fingerprint;

  PromptTokenizer(LlamaVocab vocab, String fingerprint) {
    this.vocab = vocab;
    this.fingerprint = fingerprint;
  }

  int[] tokenize(RenderedPrompt prompt, List<ChatMessage> messages) {
    Assembly assembly = new Assembly();
    for (Segment segment : prompt.segments()) {
      if (!segment.content()) {
        split(segment.text(), 0, assembly);
      } else {
        addContent(segment, messages.get(segment.message()), assembly);
      }
    }
    return withBos(assembly.finish());
  }

  private void addContent(Segment segment, ChatMessage message, Assembly assembly) {
    if (isSpelledByIds(segment.text(), message)) {
      assembly.ids(message.tokenIds());
    } else {
      assembly.text(segment.text());
    }
  }

  private boolean isSpelledByIds(String text, ChatMessage message) {
    if (message.tokenIds().isEmpty() || !message.fingerprint().equals(fingerprint)) {
      return false;
    }
    Utf8Stream spelled = new Utf8Stream();
    StringBuilder whole = new StringBuilder();
    for (int id : message.tokenIds()) {
      if (id < 0 || id >= vocab.size()) {
        return false;
      }
      whole.append(spelled.append(vocab.bytes(id)));
    }
    return whole.append(spelled.finish()).toString().equals(text);
  }

  /// Splits template text at its special tokens, the longest first, as libllama itself does.
  private void split(String text, int firstSpecial, Assembly assembly) {
    List<LlamaVocab.Special> specials = vocab.specials();
    for (int i = firstSpecial; i < specials.size(); i++) {
      LlamaVocab.Special special = specials.get(i);
      int at = text.indexOf(special.text());
      if (at >= 0) {
        split(text.substring(0, at), i + 1, assembly);
        assembly.special(special);
        split(text.substring(at + special.text().length()), i, assembly);
        return;
      }
    }
    assembly.text(text);
  }

  private int[] withBos(IntStream ids) {
    int[] all = ids.toArray();
    if (!vocab.addsBos()) {
      return all;
    }
    int bos = vocab.bos();
    int from = 0;
    while (from < all.length && all[from] == bos) {
      from++;
    }
    return IntStream.concat(IntStream.of(bos), IntStream.of(all).skip(from)).toArray();
  }

  /// Ids so far, and the text since the last special token.
  private final class Assembly {
    private final List<int[]> parts = new ArrayList<>();
    private final StringBuilder run = new StringBuilder();
    private boolean stripNext;

    void text(String text) {
      int from = 0;
      while (stripNext && from < text.length() && isWhiteSpace(text.charAt(from))) {
        from++;
      }
      stripNext &= from == text.length();
      run.append(text, from, text.length());
    }

    void special(LlamaVocab.Special special) {
      if (special.stripLeft()) {
        int end = run.length();
        while (end > 0 && isWhiteSpace(run.charAt(end - 1))) {
          end--;
        }
        run.setLength(end);
      }
      endRun();
      parts.add(new int[] {special.id()});
      stripNext = special.stripRight();
    }

    void ids(List<Integer> ids) {
      endRun();
      parts.add(ids.stream().mapToInt(Integer::intValue).toArray());
      stripNext = false;
    }

    IntStream finish() {
      endRun();
      return parts.stream().flatMapToInt(IntStream::of);
    }

    private void endRun() {
      if (!run.isEmpty()) {
        parts.add(vocab.tokenize(run.toString(), false));
        run.setLength(0);
      }
    }
  }

  private static boolean isWhiteSpace(char c) {
    return WHITE_SPACE.indexOf(c) >= 0;
  }
}
