package dev.parley.worker.template;

/// Python's `str.format` with plain fields: `{}`, `{0}`, `{name}`, and `{{` for a brace.
final class Formatter {
  private Formatter() {}

  static Value format(Invocation in) {
    Text pattern = in.text();
    String chars = pattern.toString();
    TextBuilder out = new TextBuilder();
    int automatic = 0;
    int at = 0;
    while (at < chars.length()) {
      char c = chars.charAt(at);
      if ((c == '{' || c == '}') && chars.startsWith(String.valueOf(c), at + 1)) {
        pattern.copyTo(out, at, at + 1);
        at += 2;
      } else if (c == '{') {
        int close = chars.indexOf('}', at);
        if (close < 0) {
          throw in.execution().failure("format has an open '{'");
        }
        String field = chars.substring(at + 1, close);
        out.append(field(in, field.isEmpty() ? Integer.toString(automatic++) : field));
        at = close + 1;
      } else {
        pattern.copyTo(out, at, at + 1);
        at++;
      }
      in.execution().checkChars(out.length());
    }
    return in.string(out.build());
  }

  private static Text field(Invocation in, String field) {
    boolean position = field.chars().allMatch(c -> Ascii.isDigit((char) c)) && field.length() < 4;
    Value value = in.required(position ? Integer.parseInt(field) : Integer.MAX_VALUE, field);
    return new Printer(in.execution()).string(value);
  }
}
