package dev.parley.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Formatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// A drawing of lines, dots and words. Coordinates are pixels from the upper left corner.
final class Svg {
  private final StringBuilder text = new StringBuilder();
  private final Formatter out = new Formatter(text, Locale.ROOT);

  Svg(int width, int height) {
    out.format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%1$d\""
            + " height=\"%2$d\" font-family=\"sans-serif\" font-size=\"12\">%n"
            + "<rect width=\"%1$d\" height=\"%2$d\" fill=\"white\"/>%n",
        width, height);
  }

  record Point(double x, double y) {}

  /// Where a text's coordinate lies in it.
  enum Anchor {
    START,
    MIDDLE,
    END
  }

  Svg line(Point from, Point to, String colour) {
    out.format(
        "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\"/>%n",
        from.x(), from.y(), to.x(), to.y(), colour);
    return this;
  }

  Svg path(List<Point> points, String colour) {
    StringBuilder list = new StringBuilder();
    points.forEach(
        point -> list.append(String.format(Locale.ROOT, "%.1f,%.1f ", point.x(), point.y())));
    out.format(
        "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>%n",
        list.toString().strip(), colour);
    return this;
  }

  Svg dot(Point at, String colour) {
    out.format(
        "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\" fill=\"%s\" fill-opacity=\"0.5\"/>%n",
        at.x(), at.y(), colour);
    return this;
  }

  Svg words(Point at, Anchor anchor, String colour, String words) {
    out.format(
        "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" fill=\"%s\">%s</text>%n",
        at.x(), at.y(), anchor.name().toLowerCase(Locale.ROOT), colour, escaped(words));
    return this;
  }

  private static String escaped(String words) {
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  @Override
  public String toString() {
    return text + "</svg>\n";
  }

  void write(Path file) {
    try {
      Optional<Path> directory = Optional.ofNullable(file.toAbsolutePath().getParent());
      if (directory.isPresent()) {
        Files.createDirectories(directory.get());
      }
      Files.writeString(file, toString());
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be written", e);
    }
  }
}
