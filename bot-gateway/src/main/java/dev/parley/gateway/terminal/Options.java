package dev.parley.gateway.terminal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/// Sampling options of the command line, by the API's names; those not given are the server's.
record Options(Optional<Double> temperature, Optional<Integer> maxTokens, Optional<Long> seed) {

  void addTo(ObjectNode body) {
    temperature.ifPresent(value -> body.put("temperature", value));
    maxTokens.ifPresent(value -> body.put("max_tokens", value));
    seed.ifPresent(value -> body.put("seed", value));
  }
}
