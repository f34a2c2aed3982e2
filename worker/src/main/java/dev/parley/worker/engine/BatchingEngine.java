package dev.parley.worker.engine;

import dev.parley.shared.wire.EndReason;
import dev.parley.shared.wire.TokenLogprob;
import dev.parley.shared.wire.Usage;
import dev.parley.worker.engine.EngineOutput.Ended;
import dev.parley.worker.engine.EngineOutput.Restarted;
import dev.parley.worker.engine.EngineOutput.Tokens;
import dev.parley.worker.llama.TokenBatch;
import dev.parley.worker.model.Choice;
import dev.parley.worker.model.ModelInfo;
import dev.parley.worker.model.PromptException;
import dev.parley.worker.model.TokenModel;
import dev.parley.worker.prefix.PrefixFileTotals;
import dev.parley.worker.prefix.PrefixFiles;
import dev.parley.worker.schedule.Scheduler;
import dev.parley.worker.schedule.StepPlan;
import dev.parley.worker.schedule.StepTimes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.LinkedBlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Continuous batching over a [TokenModel].
///
/// One platform thread owns the model, the scheduler and every answer. A step: drain the mailbox, plan,
/// decode, sample, emit. Other threads only put commands into the mailbox; it holds at most one submit,
/// one cancel and one file read for each held request, and held requests are bounded by the slots and
/// [EngineSettings#maxWaiting].
public final class BatchingEngine implements Engine {
  private static final Logger LOG = LoggerFactory.getLogger(BatchingEngine.class);

  /// Exit code of a process that a poisoned prompt ended, as after SIGKILL.
  private static final int POISONED = 137;

  private enum Hold {
    RUNNING,
    CANCELLED
  }

  private final TokenModel model;
  private final EngineSettings settings;
  private final StepListener listener;
  private final StepLog steps;
  private final BlockingQueue<Command> mailbox = new LinkedBlockingQueue<>();
  private final ConcurrentMap<String, Hold> held = new ConcurrentHashMap<>();
  private final Thread thread;

  // Owned by the engine's thread.
  private final Scheduler scheduler;
  private final Map<String, Answer> answers = new HashMap<>();
  private final SwappedCaches swapped = new SwappedCaches();
  private final PrefixSharing prefixes;
  private final TokenBatch batch;
  private final List<EngineOutput> outputs = new ArrayList<>();
  private boolean idle;
  private boolean stopping;

  // Written by the engine's thread, read by others.
  private volatile EngineLoad load;
  private volatile EngineTotals totals = EngineTotals.NONE;
  private volatile EngineProgress progress = new EngineProgress(0, OptionalLong.empty(), true);
  private volatile String prefilling = "";
  private volatile boolean failed;

  private BatchingEngine(TokenModel model, EngineSettings settings, StepListener listener) {
    int slots = model.info().slots();
    this.model = model;
    this.settings = settings;
    this.listener = listener;
    this.steps = new StepLog(settings.stepLogFile());
    this.scheduler = new Scheduler(settings.limits(model.info()));
    this.prefixes =
        new PrefixSharing(
            model,
            scheduler,
            new PrefixCache(settings.prefixCacheBytes(), model.info().trimmable()),
            settings.prefixFiles().map(options -> prefixFiles(options, model)),
            () -> mailbox.add(new Command.FileRead()));
    this.batch = new TokenBatch(settings.batchTokens(slots));
    this.load = new EngineLoad(slots, 0, 0);
    this.thread = Thread.ofPlatform().name("engine").daemon().unstarted(this::run);
  }

  private static PrefixFiles prefixFiles(PrefixFiles.Options options, TokenModel model) {
    ModelInfo info = model.info();
    String key = info.fingerprint() + ", " + info.cacheFormat();
    return PrefixFiles.open(options, key, info.trimmable(), model::load);
  }

  /// Starts an engine that owns the model from now on and closes it at its end.
  ///
  /// @param settings whose [EngineSettings#batchTokens] the model must take in one call
  public static Engine start(TokenModel model, EngineSettings settings, StepListener listener) {
    BatchingEngine engine = new BatchingEngine(model, settings, listener);
    engine.thread.start();
    return engine;
  }

  @Override
  public EngineInfo info() {
    return EngineInfo.of(model.info());
  }

  @Override
  public EngineLoad load() {
    return load;
  }

  @Override
  public EngineTotals totals() {
    return totals.with(prefixes.fileTotals());
  }

  @Override
  public EngineProgress progress() {
    return progress;
  }

  @Override
  public StepLog steps() {
    return steps;
  }

  @Override
  public void submit(EngineRequest request) {
    if (held.putIfAbsent(request.id(), Hold.RUNNING) != null) {
      throw request.heldAlready();
    }
    mailbox.add(command(request));
    if (failed && held.remove(request.id()) != null) {
      listener.onStep(List.of(Ended.failed(request.id())));
    }
  }

  private Command command(EngineRequest request) {
    int most = model.info().slots() + settings.maxWaiting();
    if (held.size() > most) {
      return new Command.Refuse(Ended.full(request.id(), most));
    }
    try {
      int[] prompt = model.prompt(request.messages());
      if (prompt.length >= model.info().contextTokens()) {
        return refuse(request, EndReason.TOO_LONG, tooLong(prompt.length), prompt.length);
      }
      return new Command.Submit(Answer.of(request, prompt, model));
    } catch (PromptException e) {
      return refuse(request, e.reason(), String.valueOf(e.getMessage()), 0);
    } catch (RuntimeException e) {
      LOG.error("request {}: its prompt could not be built", request.id(), e);
      return refuse(request, EndReason.ENGINE, "its prompt could not be built: " + e, 0);
    }
  }

  private String tooLong(int promptTokens) {
    return "the prompt has "
        + promptTokens
        + " tokens and the context "
        + model.info().contextTokens()
        + ": shorten it, or raise PARLEY_CONTEXT";
  }

  private static Command refuse(EngineRequest request, EndReason reason, String why, int tokens) {
    return new Command.Refuse(new Ended(request.id(), reason, new Usage(tokens, 0), why));
  }

  @Override
  public void cancel(String requestId) {
    if (held.replace(requestId, Hold.RUNNING, Hold.CANCELLED)) {
      mailbox.add(new Command.Cancel(requestId));
      if (prefilling.equals(requestId)) {
        model.abortPrefill();
      }
    }
  }

  @Override
  public void close() {
    mailbox.add(new Command.Stop());
    EngineThreads.join(thread);
  }

  private void run() {
    try {
      while (!stopping) {
        drainMailbox();
        if (!stopping) {
          step();
        }
        emit();
      }
    } catch (InterruptedException e) {
      LOG.error("nobody may interrupt the engine's thread", e);
    } catch (RuntimeException | Error e) {
      LOG.error("the engine's thread ends on a fault of its own", e);
      failAll();
    } finally {
      progress = new EngineProgress(progress.steps(), OptionalLong.empty(), false);
      swapped.close();
      prefixes.close();
      model.close();
      steps.close();
    }
  }

  /// Waits for a command only when there is nothing else to do.
  private void drainMailbox() throws InterruptedException {
    List<Command> commands = new ArrayList<>();
    if (answers.isEmpty() || (idle && prefixes.looksUp())) {
      commands.add(mailbox.take());
    }
    mailbox.drainTo(commands);
    commands.forEach(this::handle);
    publishLoad();
  }

  private void handle(Command command) {
    switch (command) {
      case Command.Submit(Answer answer) -> admit(answer);
      case Command.Refuse(Ended ended) -> {
        held.remove(ended.id());
        outputs.add(ended);
      }
      case Command.Cancel(String id) -> {
        Answer answer = answers.get(id);
        if (answer != null) {
          end(answer, EndReason.CANCELLED, "");
        }
      }
      case Command.FileRead() -> prefixes.filesRead();
      case Command.Stop() -> stopping = true;
    }
  }

  private void admit(Answer answer) {
    if (held.get(answer.id()) == Hold.CANCELLED) {
      // Its cancel was faster than its prompt.
      held.remove(answer.id());
      outputs.add(new Ended(answer.id(), EndReason.CANCELLED, answer.usage(), ""));
      return;
    }
    if (answer.restarted()) {
      outputs.add(new Restarted(answer.id()));
    }
    if (!answer.unseen().isEmpty()) {
      outputs.add(new Tokens(answer.id(), answer.answered(), List.of(), answer.unseen()));
    }
    if (answer.end().isPresent()) {
      held.remove(answer.id());
      outputs.add(new Ended(answer.id(), answer.end().get(), answer.usage(), ""));
      return;
    }
    answers.put(answer.id(), answer);
    scheduler.submit(answer.sequence(), System.nanoTime());
    prefixes.arrived(answer);
  }

  private void step() {
    long started = System.nanoTime();
    StepPlan plan = scheduler.plan(started);
    idle = plan.isEmpty();
    if (idle) {
      scheduler.done(plan, StepTimes.NONE);
      return;
    }
    long number = progress.steps() + 1;
    progress = new EngineProgress(progress.steps(), OptionalLong.of(started), true);
    prefilling = plan.chunks().isEmpty() ? "" : plan.chunks().getFirst().id();
    plan.chunks().forEach(chunk -> endProcessIfPoisoned(chunk.id()));
    StepRun run = new StepRun(model, answers, swapped, prefixes, batch);
    StepPlan done = run.run(plan);
    scheduler.done(done, run.times());
    prefilling = "";
    done.chunks().stream()
        .filter(StepPlan.Chunk::last)
        .forEach(chunk -> prefixes.promptDone(answer(chunk.id()), chunk.slot()));
    run.chosen().forEach(this::accept);
    run.failed().forEach((id, why) -> end(answer(id), EndReason.ENGINE, why));
    long took = System.nanoTime() - started;
    steps.add(new StepRecord(number, started, took, plan, scheduler.waiting()));
    progress = new EngineProgress(number, OptionalLong.empty(), true);
    publishLoad();
  }

  private void accept(String id, Choice choice) {
    int token = choice.token();
    Answer answer = answer(id);
    int index = answer.answered();
    String text = answer.accept(token);
    List<Integer> ids = answer.answered() > index ? List.of(token) : List.of();
    if (!ids.isEmpty() || !text.isEmpty()) {
      outputs.add(new Tokens(id, index, ids, text, logprobs(choice, ids)));
    }
    answer.end().ifPresent(reason -> end(answer, reason, ""));
  }

  /// A token that ends the answer is none of its tokens.
  private List<TokenLogprob> logprobs(Choice choice, List<Integer> ids) {
    return ids.isEmpty()
        ? List.of()
        : choice.score().map(score -> Spelling.logprob(model, score)).stream().toList();
  }

  private void end(Answer answer, EndReason reason, String detail) {
    answers.remove(answer.id());
    int cached = reason == EndReason.ENGINE ? 0 : scheduler.cachedTokens(answer.id());
    OptionalInt slot = scheduler.end(answer.id());
    prefixes.ended(answer, slot.orElse(0), slot.isPresent() ? cached : 0);
    slot.ifPresent(freed -> model.forget(freed, 0));
    swapped.forget(answer.id());
    held.remove(answer.id());
    outputs.add(new Ended(answer.id(), reason, answer.usage(), detail));
  }

  private Answer answer(String id) {
    Answer answer = answers.get(id);
    if (answer == null) {
      throw new IllegalStateException("request " + id + " is not held");
    }
    return answer;
  }

  private void emit() {
    if (outputs.isEmpty()) {
      return;
    }
    List<EngineOutput> emitted = List.copyOf(outputs);
    outputs.clear();
    try {
      listener.onStep(emitted);
    } catch (RuntimeException e) {
      LOG.error("the listener threw: {} outputs are lost", emitted.size(), e);
    }
  }

  private void publishLoad() {
    load = new EngineLoad(model.info().slots(), scheduler.running(), scheduler.waiting());
    totals =
        new EngineTotals(
            prefixes.promptTokens(),
            prefixes.reusedTokens(),
            scheduler.preemptions(),
            prefixes.misses(),
            PrefixFileTotals.NONE);
  }

  /// The thread cannot go on: everything held ends, so that nobody waits for it. What is submitted later
  /// ends at once, on its caller's thread.
  private void failAll() {
    failed = true;
    outputs.clear();
    for (String id : List.copyOf(held.keySet())) {
      if (held.remove(id) != null) {
        outputs.add(Ended.failed(id));
      }
    }
    emit();
  }

  private void endProcessIfPoisoned(String id) {
    if (settings.poisonMarker().isPresent() && answer(id).mentions(settings.poisonMarker().get())) {
      LOG.error("request {} is poisoned by a test: the process ends", id);
      Runtime.getRuntime().halt(POISONED);
    }
  }
}
