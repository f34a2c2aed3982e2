package dev.parley.worker.openai;

import dev.parley.shared.wire.EndReason;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One call for one request, from its bytes to the chunks of its answer. Tells its owner exactly one end, and
/// nothing after it or after [#close].
final class RemoteCall implements Calls.Listener {
  private static final String DONE = "[DONE]";
  private static final String EVENT_STREAM = "text/event-stream";
  private static final int OK = 200;

  /// Bytes of an error's body that are read.
  private static final int MAX_ERROR_BYTES = 16 << 10;

  /// What a call tells.
  interface Owner {
    /// The server has begun to answer.
    void began();

    /// The model has said something.
    void said(Chunk chunk);

    void ended(EndReason reason, Optional<Chunk.Counted> usage);

    void failed(Failure failure);
  }

  private final Owner owner;
  private final EventDecoder decoder = new EventDecoder();
  private final ByteArrayOutputStream error = new ByteArrayOutputStream();
  private Calls.@Nullable Call call;
  private int status;
  private Duration retryAfter = Duration.ZERO;
  private Optional<EndReason> end = Optional.empty();
  private Optional<Chunk.Counted> usage = Optional.empty();
  private boolean over;

  private RemoteCall(Owner owner) {
    this.owner = owner;
  }

  static RemoteCall start(Calls calls, byte[] body, Owner owner) {
    RemoteCall call = new RemoteCall(owner);
    call.call = calls.complete(body, call);
    return call;
  }

  /// Closes the connection, whatever state it is in.
  void close() {
    over = true;
    if (call != null) {
      call.cancel();
    }
  }

  /// The time for its next word is over. Who has said how the answer ended may forget to hang up.
  void late(Failure silent) {
    if (!over) {
      endOr(silent);
    }
  }

  @Override
  public void began(int answeredStatus, String contentType, Duration serverRetryAfter) {
    if (over) {
      return;
    }
    status = answeredStatus;
    retryAfter = serverRetryAfter;
    if (status == OK && !contentType.startsWith(EVENT_STREAM)) {
      fail(Failure.nonsense("it sends '%s' instead of an event stream".formatted(contentType)));
    } else if (status == OK) {
      owner.began();
    }
  }

  @Override
  public void bytes(byte[] bytes) {
    if (over) {
      return;
    }
    if (status == OK) {
      events(bytes);
    } else if (error.size() < MAX_ERROR_BYTES) {
      error.write(bytes, 0, Math.min(bytes.length, MAX_ERROR_BYTES - error.size()));
    } else {
      fail(refused());
    }
    if (!over && call != null) {
      call.more();
    }
  }

  private void events(byte[] bytes) {
    try {
      for (String data : decoder.take(bytes)) {
        if (over) {
          return;
        }
        event(data);
      }
    } catch (FailedCall e) {
      fail(e.failure());
    }
  }

  private void event(String data) throws FailedCall {
    if (data.equals(DONE)) {
      endOr(Failure.cut("it never said how it ended"));
      return;
    }
    Chunk chunk = Chunk.parse(data);
    usage = chunk.usage().or(() -> usage);
    if (end.isEmpty() && chunk.alive()) {
      end = chunk.end();
      owner.said(chunk);
    }
  }

  @Override
  public void finished() {
    if (!over) {
      if (status == OK) {
        endOr(Failure.cut("it never said how it ended"));
      } else {
        fail(refused());
      }
    }
  }

  @Override
  public void broke(Failure failure) {
    if (!over) {
      endOr(failure);
    }
  }

  private Failure refused() {
    return Failure.status(status, error.toString(StandardCharsets.UTF_8), retryAfter);
  }

  private void endOr(Failure failure) {
    if (end.isPresent()) {
      close();
      owner.ended(end.get(), usage);
    } else {
      fail(failure);
    }
  }

  private void fail(Failure failure) {
    close();
    owner.failed(failure);
  }
}
