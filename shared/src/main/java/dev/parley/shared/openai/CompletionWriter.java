package dev.parley.shared.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.shared.wire.EndReason;
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

    /// @throws IllegalArgumentException when the end is no answer
    public static Finish of(EndReason end) {
      if (!end.answered()) {
        throw new IllegalArgumentException("not an answer: " + end);
      }
      return end == EndReason.LENGTH ? LENGTH : STOP;
    }
  }

  /// One whole answer of a completion.
  ///
  /// @param logprobs of all its tokens; none: not told
  public record Choice(String text, List<TokenLogprob> logprobs, Finish finish) {
    public Choice {
      logprobs = List.copyOf(logprobs);
    }
  }

  /// The first chunk of a choice: who speaks.
  ///
  /// @param choice its number, from 0, as in all chunks
  public String role(int choice) {
    ObjectNode delta = JsonNodeFactory.instance.objectNode();
    delta.put("role", "assistant");
    delta.put("content", "");
    return chunk(choice, delta, NullNode.instance, null);
  }

  /// @param logprobs of the tokens that the text came with; none: not told
  public String text(int choice, String added, List<TokenLogprob> logprobs) {
    return chunk(
        choice,
        JsonNodeFactory.instance.objectNode().put("content", added),
        LogprobsWriter.content(logprobs),
        null);
  }

  public String end(int choice, Finish finish) {
    return chunk(choice, JsonNodeFactory.instance.objectNode(), NullNode.instance, finish.word);
  }

  /// The chunk after all ends, which carries no choice.
  public String usage(Usage usage) {
    ObjectNode chunk = base("chat.completion.chunk");
    chunk.putArray("choices");
    chunk.set("usage", usageNode(usage));
    return chunk.toString();
  }

  /// All answers as one object.
  ///
  /// @param usage of all together
  public String whole(List<Choice> choices, Usage usage) {
    ObjectNode completion = base("chat.completion");
    ArrayNode array = completion.putArray("choices");
    choices.forEach(choice -> write(choice, array.size(), array.addObject()));
    completion.set("usage", usageNode(usage));
    return completion.toString();
  }

  private static void write(Choice choice, int index, ObjectNode node) {
    node.put("index", index);
    ObjectNode message = node.putObject("message");
    message.put("role", "assistant");
    message.put("content", choice.text);
    message.putNull("refusal");
    node.set("logprobs", LogprobsWriter.content(choice.logprobs));
    node.put("finish_reason", choice.finish.word);
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

  private String chunk(
      int choice, ObjectNode delta, JsonNode logprobs, @Nullable String finishReason) {
    ObjectNode chunk = base("chat.completion.chunk");
    ObjectNode node = chunk.putArray("choices").addObject();
    node.put("index", choice);
    node.set("delta", delta);
    node.set("logprobs", logprobs);
    node.put("finish_reason", finishReason);
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
