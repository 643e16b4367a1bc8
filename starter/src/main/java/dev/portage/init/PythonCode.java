package dev.portage.init;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A Python file of a project: its code alone, without comments and what cells have shown.
 *
 * @param name relative to the project's folder
 * @param kind what it can be run as
 * @param code its lines; a line that is no code is empty, so that numbers are the file's
 */
record PythonCode(String name, Kind kind, String code) {

  private static final String HEADER = "# Databricks notebook source";

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  private static final Pattern PROGRAM =
      Pattern.compile(
          "(?m)^if __name__ *== *[\"']__main__[\"']|\\bargparse\\b|\\bsys\\.argv\\b"
              + "|^(with )?mlflow\\.|@(click|app)\\.command|\\btyper\\b");

  /** What a Python file can be run as. */
  enum Kind {
    NOTEBOOK,
    SCRIPT,
    /** Only imported by others. */
    MODULE
  }

  /** Reads a file; empty where it is no Python, or a test. */
  static Optional<PythonCode> of(String name, ProjectFiles files) {
    if (isTest(name)) {
      return Optional.empty();
    }
    if (name.endsWith(".ipynb")) {
      return files
          .text(name)
          .flatMap(PythonCode::cells)
          .map(code -> new PythonCode(name, Kind.NOTEBOOK, code));
    }
    return name.endsWith(".py")
        ? files.text(name).map(text -> plain(name, text))
        : Optional.empty();
  }

  private static PythonCode plain(String name, String text) {
    String whole = text.startsWith("\uFEFF") ? text.substring(1) : text;
    boolean notebook = whole.lines().findFirst().orElse("").strip().equals(HEADER);
    String code = withoutComments(whole);
    return new PythonCode(
        name,
        notebook ? Kind.NOTEBOOK : PROGRAM.matcher(code).find() ? Kind.SCRIPT : Kind.MODULE,
        code);
  }

  private static boolean isTest(String name) {
    String file = name.substring(name.lastIndexOf('/') + 1);
    return file.startsWith("test_")
        || file.endsWith("_test.py")
        || file.equals("conftest.py")
        || file.equals("setup.py")
        || ("/" + name).contains("/tests/");
  }

  private static String withoutComments(String text) {
    StringBuilder code = new StringBuilder(text.length());
    text.lines()
        .forEach(line -> code.append(line.strip().startsWith("#") ? "" : line).append('\n'));
    return code.toString();
  }

  private static Optional<String> cells(String text) {
    try {
      JsonNode root = JSON.readTree(text);
      StringBuilder code = new StringBuilder();
      boolean any = false;
      for (JsonNode cell : cellsOf(root)) {
        any = true;
        if (cell.path("cell_type").asText().equals("code")) {
          JsonNode source = cell.has("source") ? cell.path("source") : cell.path("input");
          source.forEach(line -> code.append(line.asText()));
          code.append(source.isTextual() ? source.asText() : "").append("\n");
        }
      }
      return any ? Optional.of(withoutComments(code.toString())) : Optional.empty();
    } catch (JsonProcessingException _) {
      return Optional.empty();
    }
  }

  /** Format 3 has worksheets around its cells. */
  private static Iterable<JsonNode> cellsOf(JsonNode root) {
    return root.has("cells") ? root.path("cells") : root.path("worksheets").path(0).path("cells");
  }

  /** Number of the first line in which a pattern is found, 0 for none. */
  int lineOf(Pattern pattern) {
    List<String> lines = code.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      if (pattern.matcher(lines.get(i)).find()) {
        return i + 1;
      }
    }
    return 0;
  }

  boolean has(Pattern pattern) {
    return pattern.matcher(code).find();
  }

  /** The file's name without folder and ending. */
  String stem() {
    String file = name.substring(name.lastIndexOf('/') + 1);
    return file.substring(0, file.lastIndexOf('.'));
  }
}
