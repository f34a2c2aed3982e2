package dev.parley.gateway.reply;

import java.util.ArrayList;
import java.util.List;

/// The platform's ids of a reply's messages, by their place, and which send is under way: what the turn's record
/// keeps, so that another gateway can go on. Not thread-safe.
public final class ReplyParts {

  /// Stands for a message that is not there (any more).
  public static final String NONE = "";

  /// Stands for a message that was sent at the very end with an outcome that nobody will know.
  public static final String NOBODY_KNOWS = "?";

  private final List<String> ids = new ArrayList<>();
  private int placing;

  public ReplyParts() {}

  /// @param placing the place, from 1, of a send under way; 0 for none
  public ReplyParts(List<String> ids, int placing) {
    this.ids.addAll(ids);
    this.placing = placing;
  }

  /// Messages that are there: those before the first gap.
  public int count() {
    int gap = ids.indexOf(NONE);
    return gap < 0 ? ids.size() : gap;
  }

  /// Whether one of those that are there is one that nobody knows.
  boolean hasNobodys() {
    return ids.subList(0, count()).contains(NOBODY_KNOWS);
  }

  public String id(int part) {
    return ids.get(part);
  }

  /// Those of messages that are there, as far as anybody knows.
  public List<String> shown() {
    return ids.stream().filter(id -> !id.equals(NONE) && !id.equals(NOBODY_KNOWS)).toList();
  }

  /// As the record has them.
  public List<String> ids() {
    return List.copyOf(ids);
  }

  /// The place, from 1, of a send under way; 0 for none.
  public int placing() {
    return placing;
  }

  void placing(int part) {
    placing = part;
  }

  void placed(int part, String id) {
    while (ids.size() <= part) {
      ids.add(NONE);
    }
    ids.set(part, id);
    placing = 0;
  }

  void forget() {
    ids.replaceAll(id -> NONE);
    placing = 0;
  }
}
