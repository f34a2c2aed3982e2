package dev.parley.shared.redis;

import dev.parley.shared.turn.StoreUnavailable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.Response;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.exceptions.JedisNoScriptException;

/// Runs scripts by their digest and loads them when the server has forgotten them. Thread-safe.
final class ScriptRunner implements AutoCloseable {

  /// Most scripts in one round trip: bounds the replies that Redis holds for one client.
  static final int MAX_PIPELINED = 1_000;

  /// What Redis refuses for now, also from within a script.
  private static final List<String> TRANSIENT =
      List.of("OOM ", "READONLY ", "MISCONF ", "NOREPLICAS ", "LOADING ", "BUSY ", "MASTERDOWN ");

  private final RedisClient client;
  private final ScriptSource source;
  private final String address;

  ScriptRunner(RedisSettings settings, ScriptSource source) {
    this.client = RedisClients.pooled(settings);
    this.source = source;
    this.address = settings.address();
  }

  /// One script, one round trip. The reply is a string, a number or a list of such.
  Object run(Script script, List<String> args) {
    ScriptSource.Loaded loaded = source.of(script);
    return guarded(
        script.file,
        () -> {
          try {
            return client.evalsha(loaded.sha(), List.of(), args);
          } catch (JedisNoScriptException _) {
            // Repeated as EVAL, which also loads it: a flush in between changes nothing.
            return client.eval(loaded.text(), List.of(), args);
          }
        });
  }

  /// The same script with many arguments, in as few round trips as the limit allows; replies in the
  /// same order.
  List<Object> runAll(Script script, List<List<String>> calls) {
    List<Object> replies = new ArrayList<>(calls.size());
    for (int from = 0; from < calls.size(); from += MAX_PIPELINED) {
      List<List<String>> some = calls.subList(from, Math.min(from + MAX_PIPELINED, calls.size()));
      replies.addAll(guarded(script.file, () -> roundTrip(script, some)));
    }
    return replies;
  }

  private List<Object> roundTrip(Script script, List<List<String>> calls) {
    ScriptSource.Loaded loaded = source.of(script);
    List<Response<Object>> responses = new ArrayList<>(calls.size());
    try (Pipeline pipeline = client.pipelined()) {
      for (List<String> args : calls) {
        responses.add(pipeline.evalsha(loaded.sha(), List.of(), args));
      }
      pipeline.sync();
    }
    List<Object> replies = new ArrayList<>(calls.size());
    for (int i = 0; i < calls.size(); i++) {
      try {
        replies.add(responses.get(i).get());
      } catch (JedisNoScriptException _) {
        replies.add(client.eval(loaded.text(), List.of(), calls.get(i)));
      }
    }
    return replies;
  }

  /// Other commands under the same guard.
  <T> T command(String name, Function<RedisClient, T> command) {
    return guarded(name, () -> command.apply(client));
  }

  private <T> T guarded(String name, Supplier<T> call) {
    try {
      return call.get();
    } catch (JedisConnectionException e) {
      // The other idle connections are likely as dead as this one.
      client.getPool().clear();
      throw unavailable(name, e);
    } catch (JedisDataException e) {
      throw ours(e)
          ? new IllegalStateException("bug in " + name + ".lua", e)
          : unavailable(name, e);
    } catch (JedisException e) {
      throw unavailable(name, e);
    }
  }

  private StoreUnavailable unavailable(String name, JedisException e) {
    return new StoreUnavailable(
        "Redis at " + address + " did not answer " + name + ": " + e.getMessage(), e);
  }

  /// Whether the error is a script's own fault: repeating it would not help.
  private static boolean ours(JedisDataException e) {
    String message = String.valueOf(e.getMessage());
    return message.contains("user_script") && TRANSIENT.stream().noneMatch(message::contains);
  }

  @Override
  public void close() {
    client.close();
  }
}
