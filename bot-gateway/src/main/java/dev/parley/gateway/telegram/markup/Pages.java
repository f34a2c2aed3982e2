package dev.parley.gateway.telegram.markup;

import dev.parley.gateway.telegram.markup.Markup.Ending;
import dev.parley.gateway.telegram.markup.Renderer.TableChoice;
import java.util.ArrayList;
import java.util.List;

/// An answer as a row of messages.
///
/// A page is made from at most as much Markdown as fits a message, so that where it ends depends
/// only on the text up to there and on whether one more unit follows. All pages but the last stay
/// as they are while the answer grows, and an instance remembers them.
///
/// What a page shows is what the text up to its end shows beyond what the text up to its beginning
/// showed: so lists, quotes, code and styles go on from page to page. Where more text changes what
/// was already shown, the page's own Markdown is shown by itself. Not thread-safe.
public final class Pages {

  /// A list or code that is longer than so many pages goes on without what came before.
  private static final int MAX_PAGES_BACK = 16;

  /// What is parsed before a page.
  ///
  /// @param from where in the text it begins
  /// @param opening what is put before it, to open code that was cut there
  /// @param shown what it shows, without whitespace at the end
  private record Context(int from, String opening, String shown) {}

  /// Where a page begins.
  ///
  /// @param fence what opens code that was cut there
  private record Place(int at, String fence, Context context) {}

  private record Page(RichText text, Context after) {}

  private static final Place START = new Place(0, "", new Context(0, "", ""));

  private final int limit;
  private final List<RichText> closed = new ArrayList<>();
  private Place place = START;

  /// The text of the closed pages.
  private String seen = "";

  /// @param limit UTF-16 units of a message
  public Pages(int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("a page must have room");
    }
    this.limit = limit;
  }

  /// The pages of a text, none if nothing in it can be seen.
  ///
  /// @param finished whether nothing will be added, see [Markup#render]
  public static List<RichText> of(String markdown, boolean finished, int limit) {
    return new Pages(limit).show(markdown, finished);
  }

  /// The pages of a text that is the last one and more; if it is not, all begins anew.
  public List<RichText> show(String markdown, boolean finished) {
    String text = Glyphs.whole(markdown);
    if (!text.startsWith(seen)) {
      closed.clear();
      place = START;
      seen = "";
    }
    int end = text.length();
    while (end > 0 && Glyphs.isSpace(text.charAt(end - 1))) {
      end--;
    }
    while (end - begin(text) > limit) {
      closePage(text);
    }
    List<RichText> pages = new ArrayList<>(closed);
    RichText last = draw(text, text.length(), finished ? Ending.FINISHED : Ending.GROWING).text;
    if (!last.isEmpty()) {
      pages.add(last);
    }
    return List.copyOf(pages);
  }

  /// Where the page's text begins; blank lines before it are not counted, unless they are code.
  private int begin(String text) {
    int begin = place.at;
    for (int at = begin; at < text.length() && Glyphs.isSpace(text.charAt(at)); at++) {
      if (text.charAt(at) == '\n' && place.fence.isEmpty()) {
        begin = at + 1;
      }
    }
    return begin;
  }

  private void closePage(String text) {
    int begin = begin(text);
    Context context = place.context;
    String before = context.opening + text.substring(context.from, begin);
    Cut cut = Cut.of(before, text.substring(begin), limit);
    int end = begin + cut.length();
    Page page = draw(text, end, Ending.CUT);
    if (!page.text.isEmpty()) {
      closed.add(page.text);
    }
    Context after = page.after;
    if (cut.clean() || after.from == end || end - after.from > MAX_PAGES_BACK * limit) {
      after = new Context(end, cut.fence(), "");
    }
    place = new Place(end, cut.fence(), after);
    seen = text.substring(0, end);
  }

  private Page draw(String text, int end, Ending ending) {
    Context context = place.context;
    String all = context.opening + text.substring(context.from, end);
    int start = context.opening.length() + place.at - context.from;
    TableChoice cutTables =
        (from, to) ->
            isCut(from, to, start) || (ending == Ending.CUT && isCut(from, to, all.length()));
    TableChoice noNewTables = (from, to) -> to > start || cutTables.asWritten(from, to);
    for (TableChoice tables : List.of(cutTables, noNewTables)) {
      Draft draft = Markup.draft(all, ending, tables);
      if (draft.text().startsWith(context.shown)) {
        RichText page = draft.after(context.shown).finish();
        if (page.text().length() <= limit) {
          return new Page(page, new Context(context.from, context.opening, shown(draft)));
        }
      }
    }
    return drawAlone(text.substring(begin(text), end), end, ending);
  }

  private Page drawAlone(String own, int end, Ending ending) {
    Draft draft = Markup.draft(place.fence + own, ending, (from, to) -> true);
    RichText page = draft.finish();
    if (page.text().length() > limit) {
      return new Page(Draft.plain(own).finish(), new Context(end, "", ""));
    }
    return new Page(page, new Context(end - own.length(), place.fence, shown(draft)));
  }

  /// A table on two pages stays as it was written, or its columns would differ.
  private static boolean isCut(int from, int to, int at) {
    return from < at && at <= to + 1;
  }

  private static String shown(Draft draft) {
    String text = draft.text();
    int end = text.length();
    while (end > 0 && Glyphs.isSpace(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end);
  }
}
