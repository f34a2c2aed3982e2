package dev.parley.shared.wire;

/// Why a turn ended, and the sentence a user sees when it is not an answer.
public enum EndReason {
  /// The model ended its answer, or a stop string did.
  STOP(""),
  /// The answer reached its token limit.
  LENGTH(""),
  CANCELLED("Stopped."),
  EXPIRED("Sorry, this took too long and was given up. Please try again."),
  /// The prompt took its worker down each time it was tried.
  POISON("Sorry, this message cannot be answered: it failed every worker that tried."),
  REFUSED("Sorry, too much is waiting at the moment. Please try again later."),
  /// The prompt does not fit the model's context.
  TOO_LONG("Sorry, this conversation is too long for the model. Please shorten the message."),
  NO_MESSAGES("Sorry, there is no message to answer. Please write one."),
  /// The model's chat template refuses the messages, for instance two of one speaker in a row.
  TEMPLATE("Sorry, this model's chat template does not take this conversation. Please start anew."),
  /// The request's response format cannot be turned into a grammar.
  FORMAT("The response format cannot be used with this model."),
  /// The request's `logit_bias` is for another model: only a worker knows the vocabulary.
  UNKNOWN_TOKEN("'logit_bias' names a token that this model does not have."),
  /// The engine could not compute the answer.
  ENGINE("Sorry, the model failed on this message. Please try again."),
  /// The server that a worker asks for answers does not take the request.
  DECLINED("Sorry, the model's server does not take this request."),
  /// The queue gave the prompt up, or what became of it is not known any more.
  UNREADABLE("Sorry, this message got lost in the queue. Please try again.");

  private final String sentence;

  EndReason(String sentence) {
    this.sentence = sentence;
  }

  /// What the user is told; empty when the answer speaks for itself.
  public String sentence() {
    return sentence;
  }

  /// Whether the model gave a whole answer (as long as it was allowed to be).
  public boolean answered() {
    return this == STOP || this == LENGTH;
  }
}
