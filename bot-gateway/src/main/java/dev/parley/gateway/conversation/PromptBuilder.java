package dev.parley.gateway.conversation;

import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.wire.ChatMessage;
import dev.parley.shared.wire.Prompt;
import dev.parley.shared.wire.TurnRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Builds the prompt of a turn whose time has come: system prompt, the conversation's earlier
/// exchanges within limits, the new messages.
public final class PromptBuilder {

  /// Characters of a token where nobody counted: low, so that an estimate is rather too large.
  private static final int CHARS_PER_TOKEN = 3;

  private final String systemPrompt;
  private final HistoryLimits limits;

  /// @param systemPrompt put before a request that has none of its own; may be empty
  public PromptBuilder(String systemPrompt, HistoryLimits limits) {
    this.systemPrompt = systemPrompt;
    this.limits = limits;
  }

  /// What the turn record says about when and for whom.
  public record Times(String gateway, long admittedMs, long deadlineMs, long deliverByMs) {}

  /// The record for the queue.
  ///
  /// @param history the conversation's exchanges, oldest first
  public Prompt build(TurnRef ref, TurnRequest request, List<PastExchange> history, Times times) {
    List<ChatMessage> messages = new ArrayList<>();
    if (!systemPrompt.isEmpty() && request.messages().stream().noneMatch(PromptBuilder::isSystem)) {
      messages.add(ChatMessage.system(systemPrompt));
    }
    if (request.reply().isApi()) {
      messages.addAll(request.messages());
    } else {
      // Instructions of the request's own come first, and those of earlier ones have had their
      // time.
      messages.addAll(request.messages().stream().filter(PromptBuilder::isSystem).toList());
      if (request.useHistory()) {
        remembered(history).forEach(past -> addExchange(messages, past));
      }
      messages.addAll(together(said(request.messages())));
    }
    return new Prompt(
        Prompt.SCHEMA,
        ref,
        request,
        messages,
        times.gateway(),
        times.admittedMs(),
        times.deadlineMs(),
        times.deliverByMs(),
        cacheScope(ref, request),
        "",
        "",
        Map.of());
  }

  private static boolean isSystem(ChatMessage message) {
    return message.role().equals("system");
  }

  private static List<ChatMessage> said(List<ChatMessage> messages) {
    return messages.stream().filter(message -> !isSystem(message)).toList();
  }

  /// What a person said in several messages becomes one: templates want the two to take turns.
  private static List<ChatMessage> together(List<ChatMessage> messages) {
    List<ChatMessage> joined = new ArrayList<>();
    for (ChatMessage message : messages) {
      boolean goesOn =
          !joined.isEmpty()
              && message.role().equals("user")
              && joined.getLast().role().equals("user");
      if (goesOn) {
        String before = joined.removeLast().content();
        joined.add(ChatMessage.user(before + "\n\n" + message.content()));
      } else {
        joined.add(message);
      }
    }
    return joined;
  }

  /// Who may find out by the time of an answer that a prompt began like one before: the same conversation. An
  /// API client has no conversation that we know, and all its requests are of one key's owner.
  private static String cacheScope(TurnRef ref, TurnRequest request) {
    return request.reply().isApi() ? request.tenant() : request.tenant() + "/" + ref.conversation();
  }

  /// The exchanges that fit. The trim depends only on the exchanges, not on earlier trims: walking
  /// from the oldest, whenever the sum passes the limit the oldest go until the kept share is left.
  List<PastExchange> remembered(List<PastExchange> history) {
    List<PastExchange> usable = history.stream().filter(PastExchange::usable).toList();
    int first = 0;
    int sum = 0;
    for (int i = 0; i < usable.size(); i++) {
      sum += tokens(usable.get(i));
      if (sum > limits.maxTokens()) {
        while (first < i && sum > limits.keepTokens()) {
          sum -= tokens(usable.get(first++));
        }
      }
    }
    return usable.subList(first, usable.size());
  }

  private static int tokens(PastExchange past) {
    return Math.max(1, past.tokens());
  }

  /// Tokens of messages that no worker has counted, rather too many than too few.
  public static int estimateTokens(List<ChatMessage> messages) {
    return messages.stream().mapToInt(m -> m.content().length() / CHARS_PER_TOKEN + 1).sum();
  }

  private static void addExchange(List<ChatMessage> messages, PastExchange past) {
    messages.addAll(together(said(past.asked())));
    messages.add(new ChatMessage("assistant", past.answer(), past.answerIds(), past.fingerprint()));
  }
}
