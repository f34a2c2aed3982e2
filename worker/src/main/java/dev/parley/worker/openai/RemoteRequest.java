package dev.parley.worker.openai;

import dev.parley.shared.wire.EndReason;
import dev.parley.shared.wire.Usage;
import dev.parley.worker.engine.EngineOutput;
import dev.parley.worker.engine.EngineOutput.Ended;
import dev.parley.worker.engine.EngineOutput.Restarted;
import dev.parley.worker.engine.EngineOutput.Tokens;
import dev.parley.worker.engine.EngineRequest;
import dev.parley.worker.engine.Resume;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A request and what has become of it.
///
/// ```
/// WAITING --slot, breaker--> CALLED --first piece--> ANSWERING --end, failure--> over
///    ^                         |  |
///    +--may be sent once more--+  +--end, failure--> over
/// ```
final class RemoteRequest {
  /// How often a server may fail on a request that it took.
  private static final int MAX_FAILURES = 4;

  private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
  private static final Duration LONGEST_RETRY_AFTER = Duration.ofMinutes(1);

  private final EngineRequest request;
  private final RemoteSettings settings;
  private final long giveUpNanos;
  private @Nullable RemoteCall call;
  private boolean answering;
  private boolean begunAnew;
  private int pieces;
  private int tries;
  private int failures;

  /// Waiting: not before; called: not later.
  private long dueNanos;

  RemoteRequest(EngineRequest request, RemoteSettings settings, long nowNanos) {
    this.request = request;
    this.settings = settings;
    this.dueNanos = nowNanos;
    this.giveUpNanos = nowNanos + settings.giveUp().toNanos();
  }

  String id() {
    return request.id();
  }

  boolean alone() {
    return request.alone();
  }

  boolean called() {
    return call != null;
  }

  /// Whether it waits for nothing but a slot.
  boolean ready(long nowNanos) {
    return call == null && nowNanos >= dueNanos;
  }

  /// When something is to be done about it, if nothing happens before.
  long nextNanos(long nowNanos) {
    return ready(nowNanos) ? giveUpNanos : dueNanos;
  }

  void call(Calls calls, String model, RemoteCall.Owner owner, long nowNanos) {
    tries++;
    dueNanos = nowNanos + settings.firstToken().toNanos();
    call = RemoteCall.start(calls, RequestWriter.body(request, model), owner);
  }

  /// Gives the call up if its time is over.
  void checkTime(long nowNanos) {
    if (call != null && nowNanos >= dueNanos) {
      call.late(
          answering
              ? Failure.silent(settings.idle(), "PARLEY_REMOTE_IDLE_S")
              : Failure.silent(settings.firstToken(), "PARLEY_REMOTE_FIRST_TOKEN_S"));
    }
  }

  /// Whether it has waited as long as it may.
  boolean givenUp(long nowNanos) {
    return call == null && nowNanos >= giveUpNanos;
  }

  /// Whether the model has said anything in the call under way.
  boolean answering() {
    return answering;
  }

  /// The answer has grown, even if nothing of it is shown.
  List<EngineOutput> said(Chunk chunk, long nowNanos) {
    answering = true;
    dueNanos = nowNanos + settings.idle().toNanos();
    if (chunk.text().isEmpty() && chunk.logprobs().isEmpty()) {
      return List.of();
    }
    boolean restarts = restarts();
    pieces++;
    Tokens tokens = new Tokens(id(), 0, List.of(), chunk.text(), chunk.logprobs());
    return restarts ? List.of(new Restarted(id()), tokens) : List.of(tokens);
  }

  /// Whether what another attempt had shown is void from now on; true once.
  private boolean restarts() {
    boolean restarts = !begunAnew && !request.resume().equals(Resume.NONE);
    begunAnew = true;
    return restarts;
  }

  /// How the request ends.
  ///
  /// @param counted by the server; without it the pieces that came
  List<EngineOutput> end(EndReason reason, Optional<Chunk.Counted> counted, String detail) {
    leave();
    Usage usage =
        counted
            .map(c -> new Usage(c.promptTokens(), c.completionTokens(), c.cachedTokens()))
            .orElse(new Usage(0, pieces));
    Ended ended = new Ended(id(), reason, usage, detail);
    return reason.answered() && restarts() ? List.of(new Restarted(id()), ended) : List.of(ended);
  }

  /// Takes a failure of its call.
  ///
  /// @return whether it waits to be called again
  boolean retries(Failure failure, long nowNanos) {
    leave();
    boolean again =
        pieces == 0
            && switch (failure.again()) {
              case NOT_TAKEN -> true;
              case A_FEW_TIMES -> ++failures < MAX_FAILURES;
              case NEVER -> false;
            };
    dueNanos = nowNanos + pause(failure).toNanos();
    return again && dueNanos < giveUpNanos;
  }

  /// What the server asks for, else longer each time; a different time for each request, so that they do not
  /// all come back at once.
  private Duration pause(Failure failure) {
    Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(tries - 1, 10));
    Duration bounded = pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    Duration spread = bounded.multipliedBy(128 + (id().hashCode() & 127)).dividedBy(256);
    Duration asked = failure.retryAfter();
    Duration told = asked.compareTo(LONGEST_RETRY_AFTER) < 0 ? asked : LONGEST_RETRY_AFTER;
    return told.compareTo(spread) > 0 ? told : spread;
  }

  /// Closes the call under way, if any.
  void leave() {
    if (call != null) {
      call.close();
      call = null;
    }
    answering = false;
  }
}
