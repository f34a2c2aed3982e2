package dev.parley.worker.template;

/// A message on its way into a template.
record Turn(String role, Text content) {

  Turn withRole(String other) {
    return new Turn(other, content);
  }

  Turn withContent(Text other) {
    return new Turn(role, other);
  }
}
