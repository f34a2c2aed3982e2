package dev.parley.worker.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.shared.turn.AppendReply;
import dev.parley.shared.turn.StoreCaller;
import dev.parley.shared.turn.TurnStore;
import dev.parley.shared.wire.Delta;
import dev.parley.shared.wire.Prompt;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class RecordHoldTest {
  private static final IntakeLimits LIMITS = IntakeLimits.DEFAULT;

  private final Holder holder = new Holder();
  private final RecordHold hold = new RecordHold(holder, LIMITS);

  @Test
  void a_record_is_renewed_before_its_lock_lapses() {
    hold.keep(LIMITS.renewMs(), () -> {});

    assertThat(holder.calls).containsExactly("renew");
    assertThat(hold.held()).isTrue();
  }

  @Test
  void a_record_whose_lock_lapsed_is_taken_out_of_its_holders_hands() {
    hold.keep(LIMITS.lockMs(), () -> {});
    assertThat(hold.held()).isFalse();

    hold.end(false, () -> holder.calls.add("closed"));

    assertThat(holder.calls).containsExactly("lost", "abandon", "closed");
  }

  /// Confirms whatever it is told.
  private static final class Holder implements PromptPorts {
    final List<String> calls = new ArrayList<>();

    @Override
    public void renew(Consumer<AckResult> then) {
      calls.add("renew");
      then.accept(AckResult.CONFIRMED);
    }

    @Override
    public void abandon() {
      calls.add("abandon");
    }

    @Override
    public void acknowledge(boolean accept, Consumer<AckResult> then) {
      calls.add(accept ? "accept" : "release");
      then.accept(AckResult.LOST);
    }

    @Override
    public long nowMs() {
      return 0;
    }

    @Override
    public IntakeCounters counters() {
      return new IntakeCounters() {
        @Override
        public void started(boolean resumed) {}

        @Override
        public void fenced() {}

        @Override
        public void gapResent() {}

        @Override
        public void restored() {}

        @Override
        public void dropped() {}

        @Override
        public void tooOld() {}

        @Override
        public void lockLost() {
          calls.add("lost");
        }
      };
    }

    @Override
    public StoreCaller store() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void append(TurnStore.Append append, Consumer<AppendReply> reply, Runnable unknown) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void generate(String id, Prompt prompt, List<Delta> shown, boolean alone) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void stop(String id) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean mayClaim() {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<String> attemptsAtWork() {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean alone() {
      throw new UnsupportedOperationException();
    }

    @Override
    public long livenessAgeMs(long sinceMs) {
      throw new UnsupportedOperationException();
    }
  }
}
