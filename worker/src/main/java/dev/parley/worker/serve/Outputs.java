package dev.parley.worker.serve;

import dev.parley.worker.engine.EngineOutput;
import dev.parley.worker.engine.StepListener;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.LinkedBlockingQueue;

/// Hands the engine's outputs to the request threads that wait for them. A queue holds no more than its answers
/// have tokens, and lives as long as its connection.
final class Outputs implements StepListener {
  private final ConcurrentMap<String, BlockingQueue<EngineOutput>> queues =
      new ConcurrentHashMap<>();

  /// One queue for all outputs of these requests.
  BlockingQueue<EngineOutput> open(List<String> ids) {
    BlockingQueue<EngineOutput> queue = new LinkedBlockingQueue<>();
    ids.forEach(id -> queues.put(id, queue));
    return queue;
  }

  void close(List<String> ids) {
    ids.forEach(queues::remove);
  }

  @Override
  public void onStep(List<EngineOutput> outputs) {
    for (EngineOutput output : outputs) {
      BlockingQueue<EngineOutput> queue = queues.get(output.id());
      if (queue != null) {
        queue.add(output);
      }
    }
  }
}
