package dev.parley.worker.template;

import dev.parley.worker.template.TemplateException.Kind;
import java.util.ArrayList;
import java.util.List;

/// Cuts a template's source into tokens.
///
/// Whitespace control is that of chat templates (`trim_blocks` and `lstrip_blocks` on): a newline
/// right after a block or comment goes, blanks before one go when nothing else is on the line, `-`
/// takes all whitespace on its side, `+` keeps it. One newline at the end of the source goes.
final class Lexer {
  private static final String[] OPERATORS = {
    "//", "**", "<=", ">=", "==", "!=", "(", ")", "{", "}", "[", "]", ",", ".", ":", "|", "<", ">",
    "+", "-", "~", "*", "/", "%", "="
  };
  private static final String BLANKS = " \t\r\n";

  /// What the tag before a text does to the text's start.
  private enum Trim {
    NOTHING,
    NEWLINE,
    BLANKS
  }

  private final String source;
  private final List<Token> tokens = new ArrayList<>();
  private int position;
  private int line = 1;
  private int braces;
  private Trim trim = Trim.NOTHING;

  private Lexer(String source) {
    this.source = source;
  }

  static List<Token> tokens(String source) {
    String text = source.replace("\r\n", "\n").replace('\r', '\n');
    if (text.endsWith("\n")) {
      text = text.substring(0, text.length() - 1);
    }
    Lexer lexer = new Lexer(text);
    lexer.run();
    return lexer.tokens;
  }

  private void run() {
    while (position < source.length()) {
      text();
      if (position < source.length()) {
        tag();
      }
    }
    add(Token.Kind.END, "end of the template");
  }

  private void text() {
    int end = position;
    while (end < source.length() && !opensTag(end)) {
      end++;
    }
    String text = source.substring(position, end);
    int start = line;
    advance(end - position);
    String kept = trimmedStart(trimmedEnd(text, end));
    if (!kept.isEmpty()) {
      tokens.add(new Token(Token.Kind.TEXT, kept, start));
    }
  }

  private boolean opensTag(int at) {
    return source.charAt(at) == '{'
        && at + 1 < source.length()
        && "%{#".indexOf(source.charAt(at + 1)) >= 0;
  }

  private String trimmedStart(String text) {
    return switch (trim) {
      case NOTHING -> text;
      case NEWLINE -> text.startsWith("\n") ? text.substring(1) : text;
      case BLANKS -> {
        int start = 0;
        while (start < text.length() && BLANKS.indexOf(text.charAt(start)) >= 0) {
          start++;
        }
        yield text.substring(start);
      }
    };
  }

  private String trimmedEnd(String text, int tag) {
    if (tag >= source.length()) {
      return text;
    }
    char sign = tag + 2 < source.length() ? source.charAt(tag + 2) : ' ';
    if (sign == '-') {
      int end = text.length();
      while (end > 0 && BLANKS.indexOf(text.charAt(end - 1)) >= 0) {
        end--;
      }
      return text.substring(0, end);
    }
    return sign == '+' || source.charAt(tag + 1) == '{' ? text : withoutIndent(text, tag);
  }

  private static String withoutIndent(String text, int tag) {
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) != '\n' && Ascii.isSpace(text.charAt(end - 1))) {
      end--;
    }
    boolean lineStart = end == 0 ? tag == text.length() : text.charAt(end - 1) == '\n';
    return lineStart ? text.substring(0, end) : text;
  }

  private void tag() {
    char kind = source.charAt(position + 1);
    if (kind == '#') {
      comment();
      return;
    }
    add(kind == '%' ? Token.Kind.OPEN_BLOCK : Token.Kind.OPEN_PRINT, "{" + kind);
    advance(2);
    if (position < source.length() && "-+".indexOf(source.charAt(position)) >= 0 && signed(kind)) {
      advance(1);
    }
    braces = 0;
    inside(kind == '%' ? "%}" : "}}");
  }

  private boolean signed(char kind) {
    return kind == '%' || source.charAt(position) == '-';
  }

  private void comment() {
    int end = source.indexOf("#}", position + 2);
    if (end < 0) {
      throw failure("a comment is not closed: #} is missing");
    }
    trim = source.charAt(end - 1) == '-' ? Trim.BLANKS : Trim.NEWLINE;
    advance(end + 2 - position);
  }

  private void inside(String close) {
    while (true) {
      skipSpace();
      if (position >= source.length()) {
        throw failure("a tag is not closed: " + close + " is missing");
      }
      if (closes(close)) {
        return;
      }
      token();
    }
  }

  private boolean closes(String close) {
    if (close.equals("}}") && braces > 0) {
      return false;
    }
    char first = source.charAt(position);
    boolean minus = first == '-' && source.startsWith(close, position + 1);
    boolean plus = first == '+' && source.startsWith(close, position + 1);
    if (!minus && !plus && !source.startsWith(close, position)) {
      return false;
    }
    boolean block = close.equals("%}");
    add(block ? Token.Kind.CLOSE_BLOCK : Token.Kind.CLOSE_PRINT, close);
    trim = minus ? Trim.BLANKS : block && !plus ? Trim.NEWLINE : Trim.NOTHING;
    advance(minus || plus ? 3 : 2);
    return true;
  }

  private void token() {
    char first = source.charAt(position);
    if (first == '\'' || first == '"') {
      string(first);
    } else if (Ascii.isDigit(first)) {
      number();
    } else if (Ascii.isWord(first)) {
      int end = position;
      while (end < source.length() && Ascii.isWord(source.charAt(end))) {
        end++;
      }
      take(Token.Kind.NAME, end);
    } else {
      operator();
    }
  }

  private void operator() {
    for (String operator : OPERATORS) {
      if (source.startsWith(operator, position)) {
        braces += operator.equals("{") ? 1 : operator.equals("}") ? -1 : 0;
        take(Token.Kind.OPERATOR, position + operator.length());
        return;
      }
    }
    throw failure("unexpected character '" + source.charAt(position) + "'");
  }

  private void number() {
    int end = digits(position);
    boolean real = false;
    if (end + 1 < source.length()
        && source.charAt(end) == '.'
        && Ascii.isDigit(source.charAt(end + 1))) {
      real = true;
      end = digits(end + 1);
    }
    take(real ? Token.Kind.REAL : Token.Kind.INTEGER, end);
  }

  private int digits(int from) {
    int end = from;
    while (end < source.length() && Ascii.isDigit(source.charAt(end))) {
      end++;
    }
    return end;
  }

  private void string(char quote) {
    StringBuilder value = new StringBuilder();
    int at = position + 1;
    while (at < source.length() && source.charAt(at) != quote) {
      char next = source.charAt(at);
      if (next == '\\' && at + 1 < source.length()) {
        value.append(escaped(source.charAt(at + 1)));
        at += 2;
      } else {
        value.append(next);
        at++;
      }
    }
    if (at >= source.length()) {
      throw failure("a string is not closed: " + quote + " is missing");
    }
    add(Token.Kind.STRING, value.toString());
    advance(at + 1 - position);
  }

  private static String escaped(char letter) {
    return switch (letter) {
      case 'n' -> "\n";
      case 't' -> "\t";
      case 'r' -> "\r";
      case 'b' -> "\b";
      case 'f' -> "\f";
      case 'v' -> "\u000b";
      case '\\', '\'', '"' -> String.valueOf(letter);
      default -> "\\" + letter;
    };
  }

  private void skipSpace() {
    while (position < source.length() && Ascii.isSpace(source.charAt(position))) {
      advance(1);
    }
  }

  private void take(Token.Kind kind, int end) {
    add(kind, source.substring(position, end));
    advance(end - position);
  }

  private void add(Token.Kind kind, String text) {
    tokens.add(new Token(kind, text, line));
  }

  private void advance(int count) {
    for (int i = 0; i < count; i++) {
      if (source.charAt(position + i) == '\n') {
        line++;
      }
    }
    position += count;
  }

  private TemplateException failure(String message) {
    return new TemplateException(Kind.SYNTAX, line, message);
  }
}
