package dev.parley.doubles.telegram;

/// What a bot asks for.
record ApiCall(Method method, Args args) {

  /// The chat it is about, 0 when it is about none or the chat is not given as a number.
  long chatId() {
    return args.number("chat_id", 0);
  }
}
