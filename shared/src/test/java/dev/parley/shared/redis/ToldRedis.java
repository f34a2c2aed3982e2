package dev.parley.shared.redis;

import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.turn.TurnView;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.params.RestoreParams;

/// The real scripts on a real Redis whose time is told, with what the fake store offers to tests:
/// wipe, roll back, and a dump of the same form.
final class ToldRedis implements AutoCloseable {

  private static final String READ_ALL =
      """
      local out = {}
      for _, key in ipairs(redis.call('KEYS', '*')) do
        local kind = redis.call('TYPE', key).ok
        local value
        if kind == 'string' then value = {redis.call('GET', key)}
        elseif kind == 'hash' then value = redis.call('HGETALL', key)
        elseif kind == 'list' then value = redis.call('LRANGE', key, 0, -1)
        else value = redis.call('ZRANGE', key, 0, -1, 'WITHSCORES') end
        out[#out + 1] = {key, value}
      end
      return out
      """;

  private final Jedis jedis;
  private final RedisTurnStore store;

  ToldRedis(RedisProcess redis) {
    jedis = redis.client();
    store = new RedisTurnStore(redis.settings(), new ScriptSource(toldClock()));
  }

  RedisTurnStore store() {
    return store;
  }

  void tell(long nowMs) {
    jedis.set("clock", Long.toString(nowMs));
  }

  /// Loses everything but the time.
  void wipe() {
    String time = jedis.get("clock");
    jedis.flushAll();
    jedis.set("clock", time);
  }

  Map<String, byte[]> snapshot() {
    Map<String, byte[]> keys = new HashMap<>();
    jedis.keys("*").forEach(key -> keys.put(key, jedis.dump(key)));
    return keys;
  }

  void rollBack(Map<String, byte[]> snapshot) {
    wipe();
    snapshot.forEach((key, dump) -> {
      if (!key.equals("clock")) {
        jedis.restore(key, 0, dump, RestoreParams.restoreParams());
      }
    });
  }

  void dropLiveness(String id) {
    jedis.hdel("until", "gw:" + id, "wk:" + id);
  }

  /// All of the contents in the form of the fake store's dump.
  List<String> dump() {
    Map<String, List<String>> keys = new TreeMap<>();
    for (Object entry : (List<?>) jedis.eval(READ_ALL)) {
      List<?> pair = (List<?>) entry;
      keys.put(
          pair.get(0).toString(), ((List<?>) pair.get(1)).stream().map(Object::toString).toList());
    }
    long now = Long.parseLong(keys.getOrDefault("clock", List.of("0")).getFirst());
    List<String> lines = new ArrayList<>();
    lines.add("epoch " + keys.getOrDefault("epoch", List.of("0")).getFirst());
    lines.addAll(turns(keys));
    each(keys, "q", (c, ids) -> lines.add("q " + c + " " + ids));
    each(keys, "h", (c, entries) -> lines.add("h " + c + " " + entries));
    each(keys, "n", (c, id) -> lines.add("n " + c + " " + id.getFirst()));
    each(keys, "f", (c, at) -> lines.add("f " + c + " " + at.getFirst()));
    new TreeMap<>(TurnFields.pairs(keys.getOrDefault("due", List.of())))
        .forEach((ref, at) -> lines.add("due " + ref + " " + at));
    List<String> alive =
        new TreeMap<>(TurnFields.pairs(keys.getOrDefault("until", List.of())))
            .entrySet().stream()
                .filter(e -> Long.parseLong(e.getValue()) > now)
                .map(e ->
                    e.getKey().replaceFirst(":", " ")
                        + " "
                        + keys.getOrDefault(e.getKey(), List.of("")).getFirst())
                .toList();
    lines.addAll(alive);
    lines.add("now " + now);
    return lines;
  }

  private static List<String> turns(Map<String, List<String>> keys) {
    Map<TurnRef, String> lines = new TreeMap<>();
    each(
        keys,
        "t",
        (name, hash) -> {
          int brace = name.indexOf("}:");
          TurnRef ref = new TurnRef(name.substring(0, brace), name.substring(brace + 2));
          List<String> deltas =
              keys.getOrDefault("b:{" + ref.conversation() + "}:" + ref.turnId(), List.of());
          TurnView view = TurnFields.decode(ref, hash, deltas);
          Map<String, String> fields = TurnFields.pairs(hash);
          lines.put(ref, "t " + view + " gone=" + fields.get("gone"));
        });
    return List.copyOf(lines.values());
  }

  private interface Visitor {
    void visit(String name, List<String> value);
  }

  /// Visits `kind:{name}`, for turns `name}:id`.
  private static void each(Map<String, List<String>> keys, String kind, Visitor visitor) {
    keys.forEach((key, value) -> {
      if (key.startsWith(kind + ":{")) {
        String name = key.substring(3);
        visitor.visit(name.endsWith("}") ? name.substring(0, name.length() - 1) : name, value);
      }
    });
  }

  static String toldClock() {
    try (InputStream in = ToldRedis.class.getResourceAsStream("told_clock.lua")) {
      if (in == null) {
        throw new IllegalStateException("no told_clock.lua");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    store.close();
    jedis.close();
  }
}
