package dev.parley.doubles.telegram;

import java.util.Optional;

/// A call as the log has it.
///
/// @param atMs when it came in, in the double's time
/// @param chatId 0 when it is about no chat
/// @param code 200, an error's code, or 0 when the call was not carried out and not answered
/// @param description the error's text, empty when all went well
/// @param fault what went wrong with it by order
public record Call(
    long atMs, Method method, long chatId, int code, String description, Optional<Fault> fault) {

  public boolean ok() {
    return code == 200;
  }
}
