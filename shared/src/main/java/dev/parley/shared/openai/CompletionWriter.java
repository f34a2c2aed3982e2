package dev.parley.shared.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.shared.wire.TokenLogprob;
import dev.parley.shared.wire.Usage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes one completion in the forms OpenAI clients read: whole, or as the chunks of a stream.
///
/// @param id the completion's name, the same in all its chunks
/// @param createdSeconds since the epoch
/// @param usageAnnounced the stream will end with a usage chunk, so the others say `usage: null`
public record CompletionWriter(
    String id, long createdSeconds, String model, boolean usageAnnounced) {
  /// The last line of a stream.
  public static final String DONE = "[DONE]";

  /// How an answer ended, in OpenAI's words.
  public enum Finish {
    STOP("stop"),
    LENGTH("length");

    private final String word;

    Finish(String word) {
      this.word = word;
    }
  }

  /// The first chunk: who speaks.
  public String role() {
    ObjectNode delta = JsonNodeFactory.instance.objectNode();
    delta.put("role", "assistant");
    delta.put("content", "");
    return chunk(delta, NullNode.instance, null);
  }

  public String text(String added) {
    return text(added, List.of());
  }

  /// @param logprobs of the tokens that the text came with; none: not told
  public String text(String added, List<TokenLogprob> logprobs) {
    return chunk(
        JsonNodeFactory.instance.objectNode().put("content", added),
        LogprobsWriter.content(logprobs),
        null);
  }

  public String end(Finish finish) {
    return chunk(JsonNodeFactory.instance.objectNode(), NullNode.instance, finish.word);
  }

  /// The chunk after the end, which carries no choice.
  public String usage(Usage usage) {
    ObjectNode chunk = base("chat.completion.chunk");
    chunk.putArray("choices");
    chunk.set("usage", usageNode(usage));
    return chunk.toString();
  }

  /// The whole answer as one object.
  public String whole(String text, Finish finish, Usage usage) {
    return whole(text, List.of(), finish, usage);
  }

  /// @param logprobs of all its tokens; none: not told
  public String whole(String text, List<TokenLogprob> logprobs, Finish finish, Usage usage) {
    ObjectNode completion = base("chat.completion");
    ObjectNode choice = completion.putArray("choices").addObject();
    choice.put("index", 0);
    ObjectNode message = choice.putObject("message");
    message.put("role", "assistant");
    message.put("content", text);
    message.putNull("refusal");
    choice.set("logprobs", LogprobsWriter.content(logprobs));
    choice.put("finish_reason", finish.word);
    completion.set("usage", usageNode(usage));
    return completion.toString();
  }

  /// The body of `GET /v1/models`.
  public static String models(List<String> names, long createdSeconds) {
    ObjectNode list = JsonNodeFactory.instance.objectNode();
    list.put("object", "list");
    var data = list.putArray("data");
    names.forEach(name -> data.add(modelNode(name, createdSeconds)));
    return list.toString();
  }

  /// The body of `GET /v1/models/{model}`.
  public static String model(String name, long createdSeconds) {
    return modelNode(name, createdSeconds).toString();
  }

  private static ObjectNode modelNode(String name, long createdSeconds) {
    ObjectNode model = JsonNodeFactory.instance.objectNode();
    model.put("id", name);
    model.put("object", "model");
    model.put("created", createdSeconds);
    model.put("owned_by", "parley");
    return model;
  }

  private String chunk(ObjectNode delta, JsonNode logprobs, @Nullable String finishReason) {
    ObjectNode chunk = base("chat.completion.chunk");
    ObjectNode choice = chunk.putArray("choices").addObject();
    choice.put("index", 0);
    choice.set("delta", delta);
    choice.set("logprobs", logprobs);
    choice.put("finish_reason", finishReason);
    if (usageAnnounced) {
      chunk.putNull("usage");
    }
    return chunk.toString();
  }

  private ObjectNode base(String object) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("id", id);
    node.put("object", object);
    node.put("created", createdSeconds);
    node.put("model", model);
    return node;
  }

  private static ObjectNode usageNode(Usage usage) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("prompt_tokens", usage.promptTokens());
    node.put("completion_tokens", usage.completionTokens());
    node.put("total_tokens", usage.promptTokens() + usage.completionTokens());
    if (usage.cachedTokens() > 0) {
      node.putObject("prompt_tokens_details").put("cached_tokens", usage.cachedTokens());
    }
    return node;
  }
}
