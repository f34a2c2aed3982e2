package dev.parley.shared.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.shared.wire.TokenLogprob;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// A choice's `logprobs` as OpenAI clients read them.
final class LogprobsWriter {
  /// What OpenAI says of tokens that are too improbable for a number; JSON knows no infinity.
  private static final double VERY_UNLIKELY = -9999;

  private LogprobsWriter() {}

  /// @return null when there are none
  static JsonNode content(List<TokenLogprob> logprobs) {
    if (logprobs.isEmpty()) {
      return NullNode.instance;
    }
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    var content = node.putArray("content");
    for (TokenLogprob logprob : logprobs) {
      ObjectNode token = token(logprob);
      var top = token.putArray("top_logprobs");
      logprob.top().forEach(best -> top.add(token(best)));
      content.add(token);
    }
    node.putNull("refusal");
    return node;
  }

  private static ObjectNode token(TokenLogprob logprob) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("token", text(logprob.bytes()));
    node.put("logprob", Math.max(logprob.logprob(), VERY_UNLIKELY));
    var bytes = node.putArray("bytes");
    logprob.bytes().forEach(bytes::add);
    return node;
  }

  /// A part of a character shows as U+FFFD; the bytes are exact.
  private static String text(List<Integer> bytes) {
    byte[] utf8 = new byte[bytes.size()];
    for (int i = 0; i < utf8.length; i++) {
      utf8[i] = bytes.get(i).byteValue();
    }
    return new String(utf8, StandardCharsets.UTF_8);
  }
}
