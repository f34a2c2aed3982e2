package dev.parley.shared.redis;

import dev.parley.shared.turn.Admission;
import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.turn.TurnState;
import dev.parley.shared.turn.TurnView;
import dev.parley.shared.wire.Delta;
import dev.parley.shared.wire.EndReason;
import dev.parley.shared.wire.Prompt;
import dev.parley.shared.wire.Usage;
import dev.parley.shared.wire.Wire;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A turn record as the fields of a Redis hash and back.
///
/// | field | of [TurnView] |
/// |---|---|
/// | `state` `msg` `gw` `adoptions` `at` `deadline` `deliverBy` | state, request, owner, times in ms |
/// | `attempt` `wk` `restarts` `fp` `starts` `yields` `orphan` | the attempt |
/// | `parts` `placing` | JSON array of message ids, part in flight + 1 |
/// | `text` `end` `pt` `ct` `got` | the end, usage as prompt and completion tokens |
/// | `gone` | not in the view: when the worker was first seen dead, ms, 0 while it was not |
/// | `back` | not in the view: there when the turn was taken back |
final class TurnFields {

  private TurnFields() {}

  /// A record as scripts take it: the number of names and values, those, then the deltas.
  static List<String> encode(TurnView turn) {
    return encode(turn, turn.state());
  }

  /// The same in another state.
  static List<String> encode(TurnView turn, TurnState state) {
    List<String> fields = new ArrayList<>();
    put(fields, "state", state.name());
    put(fields, "msg", turn.request());
    put(fields, "gw", turn.gateway());
    put(fields, "adoptions", turn.adoptions());
    put(fields, "at", turn.admittedMs());
    put(fields, "deadline", turn.deadlineMs());
    put(fields, "deliverBy", turn.deliverByMs());
    put(fields, "attempt", turn.attempt());
    put(fields, "wk", turn.worker());
    put(fields, "restarts", turn.restarts());
    put(fields, "fp", turn.fingerprint());
    put(fields, "starts", turn.starts());
    put(fields, "yields", turn.yields());
    put(fields, "orphan", turn.orphan() ? 1 : 0);
    put(fields, "gone", 0);
    put(fields, "parts", Wire.encode(turn.parts()));
    put(fields, "placing", turn.placing());
    // A closed turn is only a tombstone.
    put(fields, "text", state.closed() ? "" : turn.text());
    put(fields, "end", turn.end().map(EndReason::name).orElse(""));
    put(fields, "pt", turn.usage().promptTokens());
    put(fields, "ct", turn.usage().completionTokens());
    put(fields, "got", turn.got() ? 1 : 0);
    List<String> args = new ArrayList<>(fields.size() + 1 + turn.deltas().size());
    args.add(Integer.toString(fields.size()));
    args.addAll(fields);
    if (!state.closed()) {
      requireWhole(turn);
      turn.deltas().forEach(delta -> args.add(Wire.encode(delta)));
    }
    return args;
  }

  /// The times and the record of a turn that is about to be admitted; the script sets state, the
  /// place in the conversation's order and the deadlines.
  static List<String> encode(Admission a) {
    List<String> args = new ArrayList<>();
    args.add(Long.toString(a.answerMs()));
    args.add(Long.toString(a.deliverMs()));
    args.addAll(encode(fresh(a.ref(), a.request(), a.gateway(), 0, 0, 0)));
    return args;
  }

  /// The record that a prompt rebuilds.
  static List<String> encode(Prompt p) {
    return encode(
        fresh(
            p.ref(),
            Wire.encode(p.request()),
            p.gateway(),
            p.admittedMs(),
            p.deadlineMs(),
            p.deliverByMs()));
  }

  private static TurnView fresh(
      TurnRef ref, String request, String gateway, long at, long deadline, long deliverBy) {
    return new TurnView(
        ref,
        TurnState.QUEUED,
        request,
        gateway,
        0,
        at,
        deadline,
        deliverBy,
        "",
        "",
        0,
        "",
        0,
        0,
        false,
        List.of(),
        0,
        "",
        Optional.empty(),
        Usage.NONE,
        false,
        List.of());
  }

  /// Reads `HGETALL` and deltas.
  static TurnView decode(TurnRef ref, List<?> hash, List<?> deltas) {
    Map<String, String> fields = pairs(hash);
    Fields f =
        name -> {
          String value = fields.get(name);
          if (value == null) {
            throw new IllegalStateException("turn " + ref + " has no field " + name);
          }
          return value;
        };
    String end = f.get("end");
    return new TurnView(
        ref,
        TurnState.valueOf(f.get("state")),
        f.get("msg"),
        f.get("gw"),
        (int) f.number("adoptions"),
        f.number("at"),
        f.number("deadline"),
        f.number("deliverBy"),
        f.get("attempt"),
        f.get("wk"),
        f.number("restarts"),
        f.get("fp"),
        (int) f.number("starts"),
        (int) f.number("yields"),
        f.number("orphan") == 1,
        List.of(Wire.decode(f.get("parts"), String[].class)),
        (int) f.number("placing"),
        f.get("text"),
        end.isEmpty() ? Optional.empty() : Optional.of(EndReason.valueOf(end)),
        new Usage((int) f.number("pt"), (int) f.number("ct")),
        f.number("got") == 1,
        decodeDeltas(deltas));
  }

  static List<Delta> decodeDeltas(List<?> deltas) {
    return deltas.stream().map(json -> Wire.decodeDelta(json.toString())).toList();
  }

  /// Names and values in turn, as a map.
  static Map<String, String> pairs(List<?> flat) {
    Map<String, String> map = new HashMap<>();
    for (int i = 0; i + 1 < flat.size(); i += 2) {
      map.put(flat.get(i).toString(), flat.get(i + 1).toString());
    }
    return map;
  }

  /// The scripts take a delta's place in the list for its number.
  private static void requireWhole(TurnView turn) {
    List<Delta> deltas = turn.deltas();
    if (!deltas.isEmpty()
        && (deltas.getFirst().n() != 1 || deltas.getLast().n() != deltas.size())) {
      throw new IllegalArgumentException(turn.ref() + " is remembered with a hole in its deltas");
    }
  }

  private static void put(List<String> fields, String name, Object value) {
    fields.add(name);
    fields.add(value.toString());
  }

  private interface Fields {
    String get(String name);

    default long number(String name) {
      return Long.parseLong(get(name));
    }
  }
}
