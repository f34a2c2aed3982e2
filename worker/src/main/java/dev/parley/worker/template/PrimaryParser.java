package dev.parley.worker.template;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Parses what binds tightest: names, literals and brackets, with what is called or taken of them.
final class PrimaryParser {
  private final TokenCursor cursor;
  private final ExpressionParser expressions;

  PrimaryParser(TokenCursor cursor, ExpressionParser expressions) {
    this.cursor = cursor;
    this.expressions = expressions;
  }

  Expr primary() {
    return postfix(atom());
  }

  /// What follows a value directly: members, subscripts and calls.
  Expr postfix(Expr start) {
    Expr value = start;
    while (true) {
      int line = cursor.line();
      if (cursor.takeOperator(".")) {
        value = member(value, line);
      } else if (cursor.takeOperator("[")) {
        value = subscript(value, line);
      } else if (cursor.atOperator("(")) {
        value = new Expr.Call(line, value, inputs());
      } else {
        return value;
      }
    }
  }

  private Expr member(Expr object, int line) {
    if (cursor.peek().kind() == Token.Kind.INTEGER) {
      return new Expr.Index(line, object, atom());
    }
    return new Expr.Member(line, object, cursor.expectName());
  }

  private Expr subscript(Expr object, int line) {
    Optional<Expr> start = sliceBound();
    if (!cursor.takeOperator(":")) {
      cursor.expectOperator("]");
      return new Expr.Index(line, object, start.orElseThrow(() -> cursor.failure("empty []")));
    }
    Optional<Expr> stop = sliceBound();
    Optional<Expr> step = cursor.takeOperator(":") ? sliceBound() : Optional.empty();
    cursor.expectOperator("]");
    return new Expr.Slice(line, object, start, stop, step);
  }

  private Optional<Expr> sliceBound() {
    boolean absent = cursor.atOperator(":") || cursor.atOperator("]");
    return absent ? Optional.empty() : Optional.of(expressions.expression());
  }

  /// `(a, b, name=c)` of a call or a filter.
  Expr.Inputs inputs() {
    cursor.expectOperator("(");
    List<Expr> positional = new ArrayList<>();
    Map<String, Expr> named = new HashMap<>();
    while (!cursor.takeOperator(")")) {
      if (cursor.peek().kind() == Token.Kind.NAME
          && cursor.peekSecond().is(Token.Kind.OPERATOR, "=")) {
        String name = cursor.expectName();
        cursor.expectOperator("=");
        named.put(name, expressions.expression());
      } else {
        positional.add(expressions.expression());
      }
      comma(")");
    }
    return new Expr.Inputs(positional, named);
  }

  private void comma(String close) {
    if (!cursor.takeOperator(",") && !cursor.atOperator(close)) {
      throw cursor.failure("expected ',' or '" + close + "', got '" + cursor.peek().text() + "'");
    }
  }

  private Expr atom() {
    Token token = cursor.next();
    return switch (token.kind()) {
      case NAME -> named(token);
      case STRING -> string(token);
      case INTEGER -> new Expr.Literal(token.line(), new Value.Int(integer(token)));
      case REAL -> new Expr.Literal(token.line(), new Value.Real(Double.parseDouble(token.text())));
      case OPERATOR -> bracketed(token);
      case TEXT, OPEN_BLOCK, CLOSE_BLOCK, OPEN_PRINT, CLOSE_PRINT, END -> throw unexpected(token);
    };
  }

  private long integer(Token token) {
    try {
      return Long.parseLong(token.text());
    } catch (NumberFormatException e) {
      throw new TemplateException(
          TemplateException.Kind.SYNTAX, token.line(), "number too large: " + token.text());
    }
  }

  private static Expr named(Token token) {
    return switch (token.text()) {
      case "true", "True" -> new Expr.Literal(token.line(), Value.Bool.TRUE);
      case "false", "False" -> new Expr.Literal(token.line(), Value.Bool.FALSE);
      case "none", "None" -> new Expr.Literal(token.line(), Value.None.NONE);
      default -> new Expr.Name(token.line(), token.text());
    };
  }

  private Expr string(Token first) {
    StringBuilder value = new StringBuilder(first.text());
    while (cursor.peek().kind() == Token.Kind.STRING) {
      value.append(cursor.next().text());
    }
    return new Expr.Literal(first.line(), new Value.Str(Text.template(value.toString())));
  }

  private Expr bracketed(Token open) {
    return switch (open.text()) {
      case "(" -> parenthesized(open.line());
      case "[" -> list(open.line());
      case "{" -> mapping(open.line());
      default -> throw unexpected(open);
    };
  }

  private Expr parenthesized(int line) {
    if (cursor.takeOperator(")")) {
      return new Expr.Sequence(line, List.of(), true);
    }
    Expr inner = expressions.tupleOrExpression();
    cursor.expectOperator(")");
    return inner;
  }

  private Expr list(int line) {
    List<Expr> items = new ArrayList<>();
    while (!cursor.takeOperator("]")) {
      items.add(expressions.expression());
      comma("]");
    }
    return new Expr.Sequence(line, items, false);
  }

  private Expr mapping(int line) {
    List<Expr.Entry> entries = new ArrayList<>();
    while (!cursor.takeOperator("}")) {
      Expr key = expressions.expression();
      cursor.expectOperator(":");
      entries.add(new Expr.Entry(key, expressions.expression()));
      comma("}");
    }
    return new Expr.Mapping(line, entries);
  }

  private static TemplateException unexpected(Token token) {
    return new TemplateException(
        TemplateException.Kind.SYNTAX, token.line(), "unexpected '" + token.text() + "'");
  }
}
