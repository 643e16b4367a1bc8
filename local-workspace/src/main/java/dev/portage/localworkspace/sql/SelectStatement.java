package dev.portage.localworkspace.sql;

import dev.portage.localworkspace.sql.SqlToken.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One SELECT, made ready for the query engine: parameters are literals, quotes are standard, and
 * each table stands under a plain name.
 *
 * @param sql the text for the engine
 * @param tables the plain names with the full names they stand for
 */
record SelectStatement(String sql, Map<String, List<String>> tables) {
  private static final String[] CHANGES = {
    "INSERT",
    "UPDATE",
    "DELETE",
    "MERGE",
    "INTO",
    "CREATE",
    "DROP",
    "ALTER",
    "COPY",
    "TRUNCATE",
    "GRANT",
    "REVOKE"
  };
  private static final String[] AFTER_FROM = {
    "WHERE",
    "GROUP",
    "ORDER",
    "HAVING",
    "LIMIT",
    "OFFSET",
    "UNION",
    "EXCEPT",
    "INTERSECT",
    "QUALIFY",
    "WINDOW"
  };

  /**
   * Reads a statement.
   *
   * @param literals the literal for each named parameter
   * @throws SqlFailure when it is no single SELECT, or a parameter has no value
   */
  static SelectStatement parse(String statement, Map<String, String> literals) throws SqlFailure {
    List<SqlToken> tokens = new ArrayList<>(SqlToken.read(statement));
    while (!tokens.isEmpty()
        && (tokens.getLast().kind() == Kind.SPACE || tokens.getLast().isSymbol(";"))) {
      tokens.removeLast();
    }
    List<SqlToken> solid = tokens.stream().filter(token -> token.kind() != Kind.SPACE).toList();
    if (solid.isEmpty()) {
      throw SqlToken.syntax("the statement is empty");
    }
    boolean changes = solid.stream().anyMatch(token -> token.isWord(CHANGES));
    if (!solid.getFirst().isWord("SELECT", "WITH") || changes) {
      throw new SqlFailure(
          "UNSUPPORTED_FEATURE",
          "A local workspace answers a single SELECT and nothing else.",
          "0A000");
    }
    if (solid.stream().anyMatch(token -> token.isSymbol(";"))) {
      throw SqlToken.syntax("more than one statement");
    }
    return new Reader(tokens, literals).read();
  }

  /** What is known between two parentheses. */
  private static final class Level {
    /** Whether FROM belongs to a function here, as in EXTRACT(year FROM d). */
    private final boolean ofFunction;

    private boolean inFrom;

    Level(boolean ofFunction) {
      this.ofFunction = ofFunction;
    }

    /** Whether a table's name, if a name, comes after this token. */
    boolean leadsToTable(SqlToken token, SqlToken before) {
      if (token.isWord(AFTER_FROM)) {
        inFrom = false;
      }
      if (token.isWord("FROM") && !ofFunction && !before.isWord("DISTINCT")) {
        inFrom = true;
        return true;
      }
      return inFrom && (token.isWord("JOIN") || token.isSymbol(","));
    }
  }

  private static final class Reader {
    private final List<SqlToken> tokens;
    private final Map<String, String> literals;
    private final Set<String> defined = new HashSet<>();
    private final Map<String, List<String>> tables = new LinkedHashMap<>();
    private final StringBuilder out = new StringBuilder();

    Reader(List<SqlToken> tokens, Map<String, String> literals) {
      this.tokens = tokens;
      this.literals = literals;
    }

    SelectStatement read() throws SqlFailure {
      findDefined();
      Deque<Level> levels = new ArrayDeque<>(List.of(new Level(false)));
      SqlToken before = new SqlToken(Kind.SPACE, " ");
      boolean expectTable = false;
      for (int i = 0; i < tokens.size(); i++) {
        SqlToken token = tokens.get(i);
        if (token.kind() == Kind.SPACE) {
          out.append(' ');
          continue;
        }
        if (expectTable && token.isName()) {
          i = table(i);
        } else {
          emit(token);
        }
        Level level = levels.element();
        expectTable = level.leadsToTable(token, before);
        if (token.isSymbol("(")) {
          levels.push(
              new Level(before.isWord("EXTRACT", "TRIM", "SUBSTRING", "OVERLAY", "POSITION")));
        } else if (token.isSymbol(")") && levels.size() > 1) {
          levels.pop();
        }
        before = token;
      }
      return new SelectStatement(out.toString().strip(), tables);
    }

    /** Names that the statement itself gives: {@code WITH x AS (…)}. */
    private void findDefined() {
      List<SqlToken> solid = tokens.stream().filter(token -> token.kind() != Kind.SPACE).toList();
      for (int i = 0; i + 2 < solid.size(); i++) {
        if (solid.get(i).isName()
            && solid.get(i + 1).isWord("AS")
            && solid.get(i + 2).isSymbol("(")) {
          defined.add(solid.get(i).text());
        }
      }
    }

    /**
     * Reads the parts of a table's name from {@code start}, and returns where its last part stands.
     */
    private int table(int start) throws SqlFailure {
      List<String> parts = new ArrayList<>(List.of(tokens.get(start).text()));
      int last = start;
      while (last + 2 < tokens.size()
          && tokens.get(last + 1).isSymbol(".")
          && tokens.get(last + 2).isName()) {
        last += 2;
        parts.add(tokens.get(last).text());
      }
      if (last + 1 < tokens.size() && tokens.get(last + 1).isSymbol("(")) {
        throw new SqlFailure(
            "UNSUPPORTED_FEATURE", "A local workspace has no table functions.", "0A000");
      }
      if (parts.size() == 1 && defined.contains(parts.getFirst())) {
        emit(tokens.get(start));
        return last;
      }
      String plain = parts.getLast();
      for (int n = 2; tables.containsKey(plain) && !parts.equals(tables.get(plain)); n++) {
        plain = parts.getLast() + "_" + n;
      }
      tables.put(plain, List.copyOf(parts));
      emit(new SqlToken(Kind.QUOTED_NAME, plain));
      return last;
    }

    private void emit(SqlToken token) throws SqlFailure {
      if (token.kind() != Kind.PARAMETER) {
        out.append(token.standard());
        return;
      }
      String literal = literals.get(token.text());
      if (literal == null) {
        throw new SqlFailure(
            "UNBOUND_SQL_PARAMETER", "Found the unbound parameter: " + token.text() + ".", "42P02");
      }
      out.append(literal);
    }
  }
}
