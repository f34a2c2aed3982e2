package dev.parley.system.path;

import dev.parley.system.path.RespFrames.Frame;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/// A way to Redis on which commands can be held back, and published messages lost, doubled, late or out
/// of order. Everything else passes as it is.
final class RedisProxy implements AutoCloseable {

  /// What becomes of the published messages.
  @FunctionalInterface
  interface Delivery {
    /// What is delivered in the place of one message.
    List<Frame> deliver(Frame message);
  }

  private final URI redis;
  private final ServerSocket door;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private Delivery delivery = List::of;
  private Predicate<Frame> heldBack = command -> false;
  private int waiting;
  private boolean closed;

  private RedisProxy(URI redis, ServerSocket door) {
    this.redis = redis;
    this.door = door;
  }

  static RedisProxy before(URI redis) {
    try {
      var proxy = new RedisProxy(redis, new ServerSocket(0, 0, InetAddress.getLoopbackAddress()));
      Thread.ofVirtual().name("redis-proxy").start(proxy::accept);
      return proxy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  URI url() {
    return URI.create("redis://127.0.0.1:" + door.getLocalPort());
  }

  /// From now on messages are delivered like this.
  void deliver(Delivery next) {
    lock.lock();
    try {
      delivery = next;
    } finally {
      lock.unlock();
    }
  }

  /// From now on such commands wait, with all that follows on their connections.
  void holdBack(Predicate<Frame> commands) {
    lock.lock();
    try {
      heldBack = commands;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Commands that wait now.
  int waiting() {
    lock.lock();
    try {
      return waiting;
    } finally {
      lock.unlock();
    }
  }

  /// Lets everything pass again, what waits included.
  void behave() {
    deliver(List::of);
    holdBack(command -> false);
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    close(door);
  }

  private void accept() {
    try {
      while (true) {
        Socket client = door.accept();
        Thread.ofVirtual().name("redis-proxy").start(() -> connect(client));
      }
    } catch (IOException e) {
      // Closed: the test is over.
      close(door);
    }
  }

  private void connect(Socket client) {
    try {
      Socket server = new Socket(redis.getHost(), redis.getPort());
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
      Thread.ofVirtual()
          .name("redis-proxy-commands")
          .start(() -> pump(client, server, this::awaitAllowed));
      pump(server, client, this::delivered);
    } catch (IOException e) {
      // Redis is away, and so is the connection.
      close(client);
    }
  }

  /// Passes frames on until either side is gone, and then closes both.
  private static void pump(Socket from, Socket to, Delivery what) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      RespFrames frames = new RespFrames(in);
      while (true) {
        for (Frame frame : what.deliver(frames.next())) {
          frame.writeTo(out);
        }
        out.flush();
      }
    } catch (IOException e) {
      // One side is gone: the other learns it by the close.
      close(to);
    }
  }

  private List<Frame> delivered(Frame frame) {
    if (!frame.isMessage()) {
      return List.of(frame);
    }
    lock.lock();
    try {
      return delivery.deliver(frame);
    } finally {
      lock.unlock();
    }
  }

  /// Waits while the command is held back.
  private List<Frame> awaitAllowed(Frame command) {
    lock.lock();
    try {
      if (heldBack.test(command)) {
        waiting++;
        while (!closed && heldBack.test(command)) {
          changed.awaitUninterruptibly();
        }
        waiting--;
      }
      return List.of(command);
    } finally {
      lock.unlock();
    }
  }

  private static void close(Closeable one) {
    try {
      one.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
