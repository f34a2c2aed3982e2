package dev.parley.worker.intake;

import dev.parley.shared.wire.Lane;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/// The holders of a worker that hold nothing: some poll, the others are idle. As many poll as the plan says.
///
/// Belongs to the loop's thread.
final class Holders {
  private final String worker;
  private final PromptSource source;
  private final HolderThread.Events events;
  private final List<HolderThread> idle = new ArrayList<>();
  private final List<HolderThread> polling = new ArrayList<>();
  private final List<CountDownLatch> closing = new ArrayList<>();
  private int open;

  Holders(String worker, PromptSource source, HolderThread.Events events) {
    this.worker = worker;
    this.source = source;
    this.events = events;
  }

  void open(Lane lane, int count) {
    String kind = lane == Lane.INTERACTIVE ? "i" : "b";
    for (int i = 0; i < count; i++) {
      String name = "%s-%s%d".formatted(worker, kind, i);
      HolderThread holder = new HolderThread(source, lane, name, events);
      idle.add(holder);
      open++;
      holder.start();
    }
  }

  /// Holders that have not closed yet, those that hold a prompt included.
  int open() {
    return open;
  }

  /// It holds a prompt now.
  void taken(HolderThread holder) {
    polling.remove(holder);
    idle.remove(holder);
  }

  /// It holds nothing any more, and polls until the plan says otherwise.
  void released(HolderThread holder) {
    polling.add(holder);
    holder.wish(HolderThread.Wish.POLL);
    holder.free();
  }

  /// It holds nothing any more, and is not needed again.
  void retired(HolderThread holder) {
    holder.wish(HolderThread.Wish.CLOSE);
    holder.free();
  }

  /// Lets as many of a lane's holders poll as are wanted.
  void match(Lane lane, int wanted) {
    List<HolderThread> on = polling.stream().filter(h -> h.lane() == lane).toList();
    on.stream().skip(wanted).forEach(holder -> move(holder, polling, idle, HolderThread.Wish.IDLE));
    idle.stream()
        .filter(h -> h.lane() == lane)
        .limit(Math.max(0, wanted - on.size()))
        .toList()
        .forEach(holder -> move(holder, idle, polling, HolderThread.Wish.POLL));
  }

  private static void move(
      HolderThread holder, List<HolderThread> from, List<HolderThread> to, HolderThread.Wish wish) {
    from.remove(holder);
    to.add(holder);
    holder.wish(wish);
  }

  /// Closes those that hold nothing.
  void close() {
    polling.forEach(holder -> holder.wish(HolderThread.Wish.CLOSE));
    idle.forEach(holder -> holder.wish(HolderThread.Wish.CLOSE));
  }

  void closed() {
    open--;
    reportClosed();
  }

  /// @param done is counted down once no holder is open
  void tellClosed(CountDownLatch done) {
    closing.add(done);
    reportClosed();
  }

  private void reportClosed() {
    if (open == 0) {
      closing.forEach(CountDownLatch::countDown);
    }
  }
}
