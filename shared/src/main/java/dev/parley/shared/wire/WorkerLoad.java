package dev.parley.shared.wire;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;

/// How busy a worker is: what it publishes with its liveness, for other workers and for people.
///
/// @param slots answers that it can write at once
/// @param free slots that nothing it holds will take
/// @param held prompts in its hands
/// @param waiting held prompts without a slot
@JsonIgnoreProperties(ignoreUnknown = true)
public record WorkerLoad(int slots, int free, int held, int waiting) {

  /// @param taking whether it takes prompts at all now
  public static WorkerLoad of(int slots, boolean taking, int taken, int held) {
    int free = taking ? Math.max(0, slots - taken) : 0;
    return new WorkerLoad(slots, free, held, Math.max(0, taken - slots));
  }
}
