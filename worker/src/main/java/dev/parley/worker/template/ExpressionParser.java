package dev.parley.worker.template;

import dev.parley.worker.template.Expr.Operator;
import java.util.ArrayList;
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
  private final PrimaryParser primaries;

  ExpressionParser(TokenCursor cursor) {
    this.cursor = cursor;
    this.primaries = new PrimaryParser(cursor, this);
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
        Expr.Inputs inputs = cursor.atOperator("(") ? primaries.inputs() : Expr.Inputs.NONE;
        operand = primaries.postfix(new Expr.Filter(line, operand, name, inputs));
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
      arguments = primaries.inputs().positional();
    } else if (Tests.takesArgument(name)) {
      arguments = List.of(signed());
    }
    return new Expr.Test(line, operand, name, arguments, negated);
  }

  private Expr signed() {
    if (!cursor.atOperator("-") && !cursor.atOperator("+")) {
      return primaries.primary();
    }
    Token sign = cursor.next();
    cursor.enter();
    Expr operand = signed();
    cursor.leave();
    return new Expr.Sign(sign.line(), sign.text().equals("-"), operand);
  }

  /// `(a, b, name=c)` of a call or a filter.
  Expr.Inputs inputs() {
    return primaries.inputs();
  }
}
