package dev.parley.worker.template;

/// A piece of a template's source.
///
/// @param text the literal text, the name, the string's value, the number or the operator
/// @param line where it starts, from 1
record Token(Kind kind, String text, int line) {

  enum Kind {
    TEXT,
    OPEN_BLOCK,
    CLOSE_BLOCK,
    OPEN_PRINT,
    CLOSE_PRINT,
    NAME,
    STRING,
    INTEGER,
    REAL,
    OPERATOR,
    END
  }

  boolean is(Kind other, String otherText) {
    return kind == other && text.equals(otherText);
  }
}
