package dev.parley.worker.intake;

import dev.parley.shared.wire.Lane;
import java.util.Set;

/// Where prompts come from. Thread-safe.
public interface PromptSource {
  /// Opens a place for one held prompt. It does nothing until it is first polled.
  ///
  /// @param name tells this holder from the others in logs and at the broker
  PromptHolder open(Lane lane, String name);

  /// What now keeps holders of this source from getting prompts, for readiness; empty when
  /// nothing does.
  Set<String> troubles();
}
