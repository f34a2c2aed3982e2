package dev.parley.worker.engine;

import dev.parley.shared.grammar.GrammarException;
import dev.parley.worker.llama.DecodeResult;
import dev.parley.worker.llama.TokenBatch;
import dev.parley.worker.model.Choice;
import dev.parley.worker.model.TokenModel;
import dev.parley.worker.schedule.StepPlan;
import dev.parley.worker.schedule.StepPlan.CacheMove;
import dev.parley.worker.schedule.StepPlan.Chunk;
import dev.parley.worker.schedule.StepPlan.Row;
import dev.parley.worker.schedule.StepTimes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Carries out one plan on the model: caches moved, the decode call with all its rows sampled before the next
/// call overwrites their logits, then the prompts' calls.
///
/// A decode call that fails is made again in halves, until it is known whose row is at fault: a failure
/// costs one request, not its batch mates.
final class StepRun {
  private static final Logger LOG = LoggerFactory.getLogger(StepRun.class);

  private final TokenModel model;
  private final Map<String, Answer> answers;
  private final SwappedCaches swapped;
  private final PrefixSharing prefixes;
  private final TokenBatch batch;
  private final Map<String, Choice> chosen = new LinkedHashMap<>();
  private final Map<String, String> failed = new LinkedHashMap<>();
  private final List<Row> doneRows = new ArrayList<>();
  private final List<Chunk> doneChunks = new ArrayList<>();
  private StepTimes times = StepTimes.NONE;

  /// @param swapped caches in host memory
  /// @param batch cleared and filled for each call
  StepRun(
      TokenModel model,
      Map<String, Answer> answers,
      SwappedCaches swapped,
      PrefixSharing prefixes,
      TokenBatch batch) {
    this.model = model;
    this.answers = answers;
    this.swapped = swapped;
    this.prefixes = prefixes;
    this.batch = batch;
  }

  /// @return the part of the plan that was carried out
  StepPlan run(StepPlan plan) {
    long begin = System.nanoTime();
    plan.caches().forEach(this::move);
    decodeRows(plan.rows().stream().filter(row -> !failed.containsKey(row.id())).toList());
    long decoded = System.nanoTime();
    plan.chunks().stream().filter(c -> !failed.containsKey(c.id())).forEach(this::prefill);
    times = new StepTimes(decoded - begin, System.nanoTime() - decoded);
    return new StepPlan(plan.caches(), doneRows, doneChunks);
  }

  StepTimes times() {
    return times;
  }

  /// The next token of each request that got one.
  Map<String, Choice> chosen() {
    return chosen;
  }

  /// What went wrong, by request.
  Map<String, String> failed() {
    return failed;
  }

  private void move(CacheMove move) {
    try {
      switch (move) {
        case CacheMove.ToSlot(_, int from, int to) -> model.move(from, to);
        case CacheMove.Out(String id, int slot) -> {
          swapped.put(id, model.save(slot));
          model.forget(slot, 0);
        }
        case CacheMove.In(String id, int slot) -> swapped.restore(id, model, slot);
        case CacheMove.Reuse(String id, int slot, int tokens) -> prefixes.restore(id, slot, tokens);
      }
    } catch (RuntimeException e) {
      LOG.error("request {}: its cache could not be moved", move.id(), e);
      failed.put(move.id(), "its cache could not be moved");
      leftBehind(move).forEach(slot -> model.forget(slot, 0));
    }
  }

  /// Slots that hold a part of a cache that was not moved, and that the plan has given to others or takes for
  /// empty.
  private static IntStream leftBehind(CacheMove move) {
    return switch (move) {
      case CacheMove.ToSlot(_, int from, int to) -> IntStream.of(from, to);
      case CacheMove.Out(_, int slot) -> IntStream.of(slot);
      case CacheMove.In(_, int slot) -> IntStream.of(slot);
      case CacheMove.Reuse(_, int slot, _) -> IntStream.of(slot);
    };
  }

  private void decodeRows(List<Row> rows) {
    if (rows.isEmpty()) {
      return;
    }
    batch.clear();
    for (Row row : rows) {
      batch.add(row.slot(), row.position(), answer(row.id()).lastToken(), true);
    }
    DecodeResult result = decode(false);
    if (result == DecodeResult.OK) {
      for (int i = 0; i < rows.size(); i++) {
        choose(rows.get(i).id(), i);
        doneRows.add(rows.get(i));
      }
    } else if (rows.size() == 1) {
      fail(rows.getFirst().id(), result);
    } else {
      LOG.warn(
          "a decode call of {} rows ended with {}: making it again in halves", rows.size(), result);
      List<Row> again = rows.stream().filter(this::tookBack).toList();
      decodeRows(again.subList(0, again.size() / 2));
      decodeRows(again.subList(again.size() / 2, again.size()));
    }
  }

  private void prefill(Chunk chunk) {
    int[] tokens = answer(chunk.id()).tokens();
    batch.clear();
    for (int i = 0; i < chunk.tokens(); i++) {
      int position = chunk.from() + i;
      boolean output = chunk.last() && i == chunk.tokens() - 1;
      batch.add(chunk.slot(), position, tokens[position], output);
    }
    DecodeResult result = decode(true);
    switch (result) {
      case OK -> {
        if (chunk.last()) {
          choose(chunk.id(), chunk.tokens() - 1);
        }
        doneChunks.add(chunk);
      }
      // A cancelled request, or a neighbour of one that was cancelled a moment too late: try again.
      case ABORTED -> rollBack(chunk);
      case NO_ROOM, REFUSED, FAILED -> fail(chunk.id(), result);
    }
  }

  private void rollBack(Chunk chunk) {
    if (!model.forget(chunk.slot(), chunk.from())) {
      failed.put(chunk.id(), "its prompt was interrupted and this model cannot go back");
    }
  }

  /// Whether a row's slot is as it was before the call that failed.
  private boolean tookBack(Row row) {
    boolean taken = model.forget(row.slot(), row.position());
    if (!taken) {
      failed.put(row.id(), "its decode call failed and this model cannot go back");
    }
    return taken;
  }

  private DecodeResult decode(boolean prefill) {
    try {
      return model.decode(batch, prefill);
    } catch (RuntimeException e) {
      LOG.error("a decode call of {} rows threw", batch.size(), e);
      return DecodeResult.REFUSED;
    }
  }

  private void choose(String id, int row) {
    Answer answer = answer(id);
    try {
      chosen.put(id, model.choose(row, answer.sampler()));
    } catch (GrammarException e) {
      failed.put(id, "its response format cannot go on: " + e.reason());
    } catch (RuntimeException e) {
      LOG.error("request {}: no token could be chosen", id, e);
      failed.put(id, "no next token could be chosen");
    }
  }

  private void fail(String id, DecodeResult result) {
    LOG.error("request {}: its decode call ended with {}", id, result);
    failed.put(id, "the model could not compute it (" + result + ")");
  }

  private Answer answer(String id) {
    Answer answer = answers.get(id);
    if (answer == null) {
      throw new IllegalStateException("the plan names " + id + ", which is not held");
    }
    return answer;
  }
}
