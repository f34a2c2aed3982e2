package dev.parley.gateway.telegram.markup;

import dev.parley.gateway.telegram.markup.Renderer.TableChoice;

/// A model's Markdown as the text and the entities of one Telegram message.
public final class Markup {

  /// What the end of a text is.
  enum Ending {
    /// The text is all there is.
    FINISHED,
    /// More is being written.
    GROWING,
    /// More is on the next page.
    CUT
  }

  private Markup() {}

  /// Never longer than the Markdown.
  ///
  /// @param finished whether nothing will be added: a half-written text is shown as what it will
  ///     most likely become, and markers at its end that say nothing yet are not shown
  public static RichText render(String markdown, boolean finished) {
    String text = Glyphs.whole(markdown);
    Ending ending = finished ? Ending.FINISHED : Ending.GROWING;
    RichText aligned = draft(text, ending, (from, to) -> false).finish();
    if (aligned.text().length() <= text.length()) {
      return aligned;
    }
    RichText written = draft(text, ending, (from, to) -> true).finish();
    // Tabs before code can still make it longer.
    return written.text().length() <= text.length() ? written : Draft.plain(text).finish();
  }

  static Draft draft(String markdown, Ending ending, TableChoice tables) {
    try {
      Completed text =
          switch (ending) {
            case FINISHED -> Completed.whole(markdown);
            case GROWING -> Completion.ofGrowing(markdown);
            case CUT -> Completion.ofCut(markdown);
          };
      return Renderer.draw(Grammar.parse(text.text()), text, tables);
    } catch (IllegalArgumentException tooManyCells) {
      return Draft.plain(markdown);
    }
  }
}
