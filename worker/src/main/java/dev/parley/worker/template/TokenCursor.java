package dev.parley.worker.template;

import dev.parley.worker.template.TemplateException.Kind;
import java.util.List;

/// The parsers' place in the token list, with the nesting they are at.
final class TokenCursor {
  private final List<Token> tokens;
  private final int nestingLimit;
  private int position;
  private int nesting;

  TokenCursor(List<Token> tokens, int nestingLimit) {
    this.tokens = tokens;
    this.nestingLimit = nestingLimit;
  }

  Token peek() {
    return tokens.get(position);
  }

  Token peekSecond() {
    return tokens.get(Math.min(position + 1, tokens.size() - 1));
  }

  Token next() {
    Token token = peek();
    if (token.kind() != Token.Kind.END) {
      position++;
    }
    return token;
  }

  int line() {
    return peek().line();
  }

  boolean atEnd() {
    return peek().kind() == Token.Kind.END;
  }

  boolean atName(String name) {
    return peek().is(Token.Kind.NAME, name);
  }

  boolean atOperator(String operator) {
    return peek().is(Token.Kind.OPERATOR, operator);
  }

  boolean takeName(String name) {
    return atName(name) && advance();
  }

  boolean takeOperator(String operator) {
    return atOperator(operator) && advance();
  }

  private boolean advance() {
    position++;
    return true;
  }

  void expectOperator(String operator) {
    if (!takeOperator(operator)) {
      throw failure("expected '" + operator + "', got '" + peek().text() + "'");
    }
  }

  Token expect(Token.Kind kind, String what) {
    if (peek().kind() != kind) {
      throw failure("expected " + what + ", got '" + peek().text() + "'");
    }
    return next();
  }

  String expectName() {
    return expect(Token.Kind.NAME, "a name").text();
  }

  void enter() {
    nesting++;
    if (nesting > nestingLimit) {
      throw new TemplateException(
          Kind.LIMIT, line(), "blocks or expressions nest deeper than " + nestingLimit);
    }
  }

  void leave() {
    nesting--;
  }

  TemplateException failure(String message) {
    return new TemplateException(Kind.SYNTAX, line(), message);
  }
}
