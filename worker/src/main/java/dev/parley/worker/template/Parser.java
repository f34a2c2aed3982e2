package dev.parley.worker.template;

import dev.parley.worker.template.Stmt.Branch;
import dev.parley.worker.template.Stmt.Parameter;
import dev.parley.worker.template.TemplateException.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Parses a template's source into statements.
final class Parser {
  private final TokenCursor cursor;
  private final ExpressionParser expressions;

  private Parser(TokenCursor cursor) {
    this.cursor = cursor;
    this.expressions = new ExpressionParser(cursor);
  }

  static List<Stmt> parse(String source, TemplateLimits limits) {
    if (source.length() > limits.sourceChars()) {
      throw new TemplateException(
          Kind.LIMIT, 1, "the source is longer than " + limits.sourceChars() + " chars");
    }
    Parser parser = new Parser(new TokenCursor(Lexer.tokens(source), limits.nesting()));
    List<Stmt> statements = parser.body(Set.of());
    if (!parser.cursor.atEnd()) {
      throw parser.cursor.failure("unexpected '" + parser.cursor.peekSecond().text() + "'");
    }
    return statements;
  }

  /// Statements up to a block that starts with one of the given names, which is left in place.
  private List<Stmt> body(Set<String> ends) {
    cursor.enter();
    List<Stmt> statements = new ArrayList<>();
    while (!cursor.atEnd() && !atBlock(ends)) {
      statement().ifPresent(statements::add);
    }
    cursor.leave();
    return statements;
  }

  private boolean atBlock(Set<String> names) {
    return cursor.peek().kind() == Token.Kind.OPEN_BLOCK
        && cursor.peekSecond().kind() == Token.Kind.NAME
        && names.contains(cursor.peekSecond().text());
  }

  private Optional<Stmt> statement() {
    Token token = cursor.next();
    return switch (token.kind()) {
      case TEXT -> Optional.of(new Stmt.Output(token.line(), Text.template(token.text())));
      case OPEN_PRINT -> {
        Expr value = expressions.tupleOrExpression();
        cursor.expect(Token.Kind.CLOSE_PRINT, "}}");
        yield Optional.of(new Stmt.Print(token.line(), value));
      }
      case OPEN_BLOCK -> block();
      case CLOSE_BLOCK, CLOSE_PRINT, NAME, STRING, INTEGER, REAL, OPERATOR, END ->
          throw cursor.failure("unexpected '" + token.text() + "'");
    };
  }

  private Optional<Stmt> block() {
    int line = cursor.line();
    String name = cursor.expectName();
    return switch (name) {
      case "set" -> Optional.of(set(line));
      case "if" -> Optional.of(branches(line));
      case "for" -> Optional.of(loop(line));
      case "macro" -> Optional.of(macro(line));
      case "call" -> Optional.of(callBlock(line));
      case "filter" -> Optional.of(filterBlock(line));
      case "break" -> Optional.of(closed(new Stmt.Break(line)));
      case "continue" -> Optional.of(closed(new Stmt.Continue(line)));
      // marks what the model is trained on; without a meaning for rendering
      case "generation", "endgeneration" -> {
        close();
        yield Optional.empty();
      }
      default ->
          throw new TemplateException(Kind.SYNTAX, line, "unknown or misplaced tag '" + name + "'");
    };
  }

  private Stmt closed(Stmt statement) {
    close();
    return statement;
  }

  private void close() {
    cursor.expect(Token.Kind.CLOSE_BLOCK, "%}");
  }

  private void end(String name) {
    if (!atBlock(Set.of(name))) {
      throw cursor.failure("expected {% " + name + " %}, got '" + cursor.peek().text() + "'");
    }
    cursor.next();
    cursor.next();
    close();
  }

  private Stmt set(int line) {
    Expr target = expressions.tupleOrExpression();
    if (cursor.takeOperator("=")) {
      Expr value = expressions.tupleOrExpression();
      close();
      return assignment(line, target, value);
    }
    close();
    if (!(target instanceof Expr.Name(int ignored, String name))) {
      throw cursor.failure("a block can only be set to a name");
    }
    List<Stmt> body = body(Set.of("endset"));
    end("endset");
    return new Stmt.Capture(line, name, body);
  }

  private Stmt assignment(int line, Expr target, Expr value) {
    if (target instanceof Expr.Member(int ignored, Expr object, String name)) {
      return new Stmt.AssignMember(line, object, name, value);
    }
    return new Stmt.Assign(line, names(target), isTuple(target), value);
  }

  private static boolean isTuple(Expr target) {
    return target instanceof Expr.Sequence sequence && sequence.tuple();
  }

  private List<String> names(Expr target) {
    List<Expr> targets = target instanceof Expr.Sequence list ? list.items() : List.of(target);
    List<String> names = new ArrayList<>();
    for (Expr each : targets) {
      if (!(each instanceof Expr.Name(int ignored, String name))) {
        throw cursor.failure("only names can be assigned here");
      }
      names.add(name);
    }
    return names;
  }

  private Stmt branches(int line) {
    List<Branch> branches = new ArrayList<>();
    Set<String> ends = Set.of("elif", "else", "endif");
    do {
      Expr test = expressions.expression();
      close();
      branches.add(new Branch(test, body(ends)));
    } while (takeBlock("elif"));
    List<Stmt> otherwise = otherwise("endif");
    end("endif");
    return new Stmt.If(line, branches, otherwise);
  }

  private boolean takeBlock(String name) {
    if (!atBlock(Set.of(name))) {
      return false;
    }
    cursor.next();
    cursor.next();
    return true;
  }

  private List<Stmt> otherwise(String end) {
    if (!takeBlock("else")) {
      return List.of();
    }
    close();
    return body(Set.of(end));
  }

  private Stmt loop(int line) {
    List<String> names = new ArrayList<>();
    boolean parenthesized = cursor.takeOperator("(");
    do {
      names.add(cursor.expectName());
    } while (cursor.takeOperator(","));
    if (parenthesized) {
      cursor.expectOperator(")");
    }
    if (!cursor.takeName("in")) {
      throw cursor.failure("expected 'in', got '" + cursor.peek().text() + "'");
    }
    Expr iterable = expressions.or();
    Optional<Expr> condition = Optional.empty();
    if (cursor.takeName("if")) {
      Expr test = expressions.or();
      if (cursor.takeName("else")) {
        iterable = new Expr.Conditional(line, test, iterable, expressions.expression());
      } else {
        condition = Optional.of(test);
      }
    }
    close();
    List<Stmt> body = body(Set.of("else", "endfor"));
    List<Stmt> otherwise = otherwise("endfor");
    end("endfor");
    return new Stmt.For(line, names, names.size() > 1, iterable, condition, body, otherwise);
  }

  private Stmt macro(int line) {
    String name = cursor.expectName();
    List<Parameter> parameters = parameters();
    close();
    List<Stmt> body = body(Set.of("endmacro"));
    end("endmacro");
    return new Stmt.Macro(line, name, parameters, body);
  }

  private List<Parameter> parameters() {
    cursor.expectOperator("(");
    List<Parameter> parameters = new ArrayList<>();
    while (!cursor.takeOperator(")")) {
      String name = cursor.expectName();
      Optional<Expr> byDefault =
          cursor.takeOperator("=") ? Optional.of(expressions.expression()) : Optional.empty();
      parameters.add(new Parameter(name, byDefault));
      if (!cursor.takeOperator(",") && !cursor.atOperator(")")) {
        throw cursor.failure("expected ',' or ')', got '" + cursor.peek().text() + "'");
      }
    }
    return parameters;
  }

  private Stmt callBlock(int line) {
    List<Parameter> parameters = cursor.atOperator("(") ? parameters() : List.of();
    if (!(expressions.expression() instanceof Expr.Call call)) {
      throw cursor.failure("{% call %} needs a call");
    }
    close();
    List<Stmt> body = body(Set.of("endcall"));
    end("endcall");
    return new Stmt.CallBlock(line, call, parameters, body);
  }

  private Stmt filterBlock(int line) {
    String name = cursor.expectName();
    Expr.Inputs inputs = cursor.atOperator("(") ? expressions.inputs() : Expr.Inputs.NONE;
    close();
    List<Stmt> body = body(Set.of("endfilter"));
    end("endfilter");
    return new Stmt.FilterBlock(line, name, inputs, body);
  }
}
