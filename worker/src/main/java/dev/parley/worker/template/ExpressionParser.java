package dev.parley.worker.template;

import dev.parley.worker.template.Expr.Operator;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Parses expressions, loosest binding first: condition, or, and, not, comparison, `~`, sum,
/// product, power, sign, then a primary with its calls, members, filters and tests.
final class ExpressionParser {
  private static final Map<String, Operator> COMPARISONS =
      Map.of(
          "==", Operator.EQUAL,
          "!=", Operator.NOT_EQUAL,
          "<", Operator.LESS,
          "<=", Operator.LESS_EQUAL,
          ">", Operator.GREATER,
          ">=", Operator.GREATER_EQUAL);
  private static final Map<String, Operator> SUMS =
      Map.of("+", Operator.ADD, "-", Operator.SUBTRACT);
  private static final Map<String, Operator> PRODUCTS =
      Map.of(
          "*", Operator.MULTIPLY,
          "/", Operator.DIVIDE,
          "//", Operator.FLOOR_DIVIDE,
          "%", Operator.MODULO);

  private final TokenCursor cursor;

  ExpressionParser(TokenCursor cursor) {
    this.cursor = cursor;
  }

  /// One expression, or several with commas between them as a tuple.
  Expr tupleOrExpression() {
    int line = cursor.line();
    Expr first = expression();
    if (!cursor.atOperator(",")) {
      return first;
    }
    List<Expr> items = new ArrayList<>(List.of(first));
    while (cursor.takeOperator(",")) {
      if (closesTuple()) {
        break;
      }
      items.add(expression());
    }
    return new Expr.Sequence(line, items, true);
  }

  private boolean closesTuple() {
    return cursor.atOperator(")") || cursor.peek().kind() == Token.Kind.CLOSE_BLOCK;
  }

  Expr expression() {
    cursor.enter();
    Expr value = or();
    if (cursor.atName("if")) {
      int line = cursor.next().line();
      Expr test = or();
      Expr otherwise =
          cursor.takeName("else")
              ? expression()
              : new Expr.Literal(line, new Value.Undefined("the missing else"));
      value = new Expr.Conditional(line, test, value, otherwise);
    }
    cursor.leave();
    return value;
  }

  /// An expression that leaves an `if` after it alone, as a loop's condition needs.
  Expr or() {
    Expr left = and();
    while (cursor.atName("or")) {
      int line = cursor.next().line();
      left = new Expr.Binary(line, Operator.OR, left, and());
    }
    return left;
  }

  private Expr and() {
    Expr left = not();
    while (cursor.atName("and")) {
      int line = cursor.next().line();
      left = new Expr.Binary(line, Operator.AND, left, not());
    }
    return left;
  }

  private Expr not() {
    if (!cursor.atName("not")) {
      return comparison();
    }
    int line = cursor.next().line();
    cursor.enter();
    Expr operand = not();
    cursor.leave();
    return new Expr.Not(line, operand);
  }

  private Expr comparison() {
    Expr left = concatenation();
    while (true) {
      int line = cursor.line();
      Optional<Operator> operator = comparisonOperator();
      if (operator.isEmpty()) {
        return left;
      }
      left = new Expr.Binary(line, operator.get(), left, concatenation());
    }
  }

  private Optional<Operator> comparisonOperator() {
    if (cursor.takeName("in")) {
      return Optional.of(Operator.IN);
    }
    if (cursor.atName("not") && cursor.peekSecond().is(Token.Kind.NAME, "in")) {
      cursor.next();
      cursor.next();
      return Optional.of(Operator.NOT_IN);
    }
    return operatorOf(COMPARISONS);
  }

  private Optional<Operator> operatorOf(Map<String, Operator> operators) {
    Token token = cursor.peek();
    if (token.kind() != Token.Kind.OPERATOR || !operators.containsKey(token.text())) {
      return Optional.empty();
    }
    cursor.next();
    return Optional.ofNullable(operators.get(token.text()));
  }

  private Expr concatenation() {
    Expr left = sum();
    while (cursor.atOperator("~")) {
      int line = cursor.next().line();
      left = new Expr.Binary(line, Operator.CONCAT, left, sum());
    }
    return left;
  }

  private Expr sum() {
    Expr left = product();
    while (true) {
      int line = cursor.line();
      Optional<Operator> operator = operatorOf(SUMS);
      if (operator.isEmpty()) {
        return left;
      }
      left = new Expr.Binary(line, operator.get(), left, product());
    }
  }

  private Expr product() {
    Expr left = power();
    while (true) {
      int line = cursor.line();
      Optional<Operator> operator = operatorOf(PRODUCTS);
      if (operator.isEmpty()) {
        return left;
      }
      left = new Expr.Binary(line, operator.get(), left, power());
    }
  }

  private Expr power() {
    Expr left = filtered();
    while (cursor.atOperator("**")) {
      int line = cursor.next().line();
      left = new Expr.Binary(line, Operator.POWER, left, filtered());
    }
    return left;
  }

  /// A signed primary with its filters and tests: `-n|abs` is `(-n)|abs`.
  private Expr filtered() {
    Expr operand = signed();
    while (true) {
      if (cursor.atOperator("|")) {
        int line = cursor.next().line();
        String name = cursor.expectName();
        Expr.Inputs inputs = cursor.atOperator("(") ? inputs() : Expr.Inputs.NONE;
        operand = postfix(new Expr.Filter(line, operand, name, inputs));
      } else if (cursor.atName("is")) {
        operand = test(operand);
      } else {
        return operand;
      }
    }
  }

  private Expr test(Expr operand) {
    int line = cursor.next().line();
    boolean negated = cursor.takeName("not");
    String name = cursor.expectName();
    List<Expr> arguments = List.of();
    if (cursor.atOperator("(")) {
      arguments = inputs().positional();
    } else if (Tests.takesArgument(name)) {
      arguments = List.of(signed());
    }
    return new Expr.Test(line, operand, name, arguments, negated);
  }

  private Expr signed() {
    if (!cursor.atOperator("-") && !cursor.atOperator("+")) {
      return postfix(primary());
    }
    Token sign = cursor.next();
    cursor.enter();
    Expr operand = signed();
    cursor.leave();
    return new Expr.Sign(sign.line(), sign.text().equals("-"), operand);
  }

  private Expr postfix(Expr start) {
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
      return new Expr.Index(line, object, primary());
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
    return absent ? Optional.empty() : Optional.of(expression());
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
        named.put(name, expression());
      } else {
        positional.add(expression());
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

  private Expr primary() {
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
    Expr inner = tupleOrExpression();
    cursor.expectOperator(")");
    return inner;
  }

  private Expr list(int line) {
    List<Expr> items = new ArrayList<>();
    while (!cursor.takeOperator("]")) {
      items.add(expression());
      comma("]");
    }
    return new Expr.Sequence(line, items, false);
  }

  private Expr mapping(int line) {
    List<Expr.Entry> entries = new ArrayList<>();
    while (!cursor.takeOperator("}")) {
      Expr key = expression();
      cursor.expectOperator(":");
      entries.add(new Expr.Entry(key, expression()));
      comma("}");
    }
    return new Expr.Mapping(line, entries);
  }

  private static TemplateException unexpected(Token token) {
    return new TemplateException(
        TemplateException.Kind.SYNTAX, token.line(), "unexpected '" + token.text() + "'");
  }
}
