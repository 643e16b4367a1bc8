package dev.portage.localworkspace.sql;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.localworkspace.Python;
import dev.portage.localworkspace.notebooks.Script;
import dev.portage.localworkspace.protocol.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Statements that change real Delta tables, and which are refused; all in one process. */
class TableChangesIT {
  private static final String RUN_ALL =
      """
      import json, os, sys
      sys.path.insert(0, sys.argv[1])
      import sql_runner
      asked = json.load(sys.stdin)
      said = []
      for statement in asked["statements"]:
          spec = {"statement": statement, "parameters": {"batch": "'a'"}, "tables": asked["tables"],
              "catalog": None, "schema": None, "row_limit": None, "byte_limit": 1 << 20}
          try:
              said.append(json.dumps(sql_runner.answer(spec)["rows"]))
          except BaseException as raised:
              problem = sql_runner.failed(raised)
              said.append(f"[{problem.error_class}] {problem}")
      json.dump(said, sys.stdout)
      sys.stdout.flush()
      os._exit(0)
      """;

  @TempDir Path folder;

  @Test
  void aBatchIsPublishedOnceHoweverOftenItIsRepeated() throws Exception {
    Map<String, String> wanted = new LinkedHashMap<>();
    wanted.put("SELECT * FROM t", "[TABLE_OR_VIEW_NOT_FOUND]");
    wanted.put(
        "CREATE TABLE t AS SELECT 1 AS id, 0.5 AS prediction, 'a' AS batch_id", "[[\"1\", \"1\"]]");
    wanted.put("CREATE TABLE t AS SELECT 2 AS id", "[TABLE_OR_VIEW_ALREADY_EXISTS]");
    wanted.put("CREATE TABLE IF NOT EXISTS t AS SELECT 2 AS id", "[[\"0\", \"0\"]]");
    wanted.put(
        "CREATE TABLE `main`.`default`.`t__portage_1` AS SELECT * FROM t WHERE 1 = 0",
        "[[\"0\", \"0\"]]");
    wanted.put("SELECT count(*) FROM t__portage_1", "[[\"0\"]]");
    wanted.put(
        "INSERT INTO t REPLACE WHERE batch_id = 'b' SELECT CAST(2 AS BIGINT), 1.5, 'b'",
        "[[\"1\", \"1\"]]");
    wanted.put(
        "INSERT INTO t REPLACE WHERE batch_id = 'b' SELECT CAST(3 AS BIGINT), 2.5, 'b'",
        "[[\"1\", \"1\"]]");
    wanted.put("SELECT id, batch_id FROM t ORDER BY id", "[[\"1\", \"a\"], [\"3\", \"b\"]]");
    wanted.put(
        "INSERT INTO t REPLACE WHERE batch_id = 'b' SELECT 4, 2.5, 'c'",
        "[DELTA_REPLACE_WHERE_MISMATCH]");
    wanted.put(
        "INSERT INTO t REPLACE WHERE batch_id = 'b' SELECT 4, 2.5",
        "[INSERT_COLUMN_ARITY_MISMATCH]");
    wanted.put(
        "INSERT INTO t REPLACE WHERE batch_id = 'b' SELECT 'x', 2.5, 'b'", "[CAST_INVALID_INPUT]");
    wanted.put("ALTER TABLE t ADD COLUMNS (`score` INT, note STRING)", "[]");
    wanted.put("ALTER TABLE t ADD COLUMNS (Score INT)", "[FIELD_ALREADY_EXISTS]");
    wanted.put(
        "INSERT INTO t REPLACE WHERE batch_id = :batch SELECT 9, 0.5, 'a', 7, NULL",
        "[[\"1\", \"1\"]]");
    wanted.put("SELECT id, score FROM t ORDER BY id", "[[\"3\", null], [\"9\", \"7\"]]");
    wanted.put(
        "SHOW CREATE TABLE `main`.`default`.t",
        "[[\"CREATE TABLE `main`.`default`.`t` (\\n  id BIGINT,\\n  prediction DOUBLE,\\n"
            + "  batch_id STRING,\\n  score INT,\\n  note STRING)\\nUSING delta");
    wanted.put("DELETE FROM t WHERE batch_id = 'b'", "[[\"1\"]]");
    wanted.put("DELETE FROM t WHERE Batch_Id = 'b'", "[[\"0\"]]");
    wanted.put("DELETE FROM `main`.`default`.t WHERE batch_id = 'none'", "[[\"0\"]]");
    wanted.put("SELECT id FROM t", "[[\"9\"]]");
    wanted.put("DELETE FROM t WHERE batch = 'b'", "[UNRESOLVED_COLUMN");
    wanted.put("DELETE FROM none WHERE batch_id = 'b'", "[TABLE_OR_VIEW_NOT_FOUND]");
    wanted.put("SHOW CREATE TABLE none", "[TABLE_OR_VIEW_NOT_FOUND]");
    wanted.put("DROP TABLE IF EXISTS `t__portage_1`", "[]");
    wanted.put("DROP TABLE IF EXISTS `t__portage_1` ", "[]");
    wanted.put("DROP TABLE t__portage_1", "[TABLE_OR_VIEW_NOT_FOUND]");

    List<String> said = run(List.copyOf(wanted.keySet()));

    assertThat(said).hasSameSizeAs(wanted.values());
    List<String> expected = List.copyOf(wanted.values());
    for (int i = 0; i < said.size(); i++) {
      assertThat(said.get(i)).as(List.copyOf(wanted.keySet()).get(i)).startsWith(expected.get(i));
    }
    try (Stream<Path> tables = Files.list(folder.resolve("tables"))) {
      assertThat(tables).containsExactly(folder.resolve("tables/t"));
    }
  }

  @Test
  void aTimestampIsAnInstantUnlessItIsNamedOtherwise() throws Exception {
    List<String> said =
        run(
            List.of(
                "CREATE TABLE t AS SELECT CAST(NULL AS TIMESTAMP) AS at, now() AS made,"
                    + " CAST('2026-01-31 10:00:00' AS TIMESTAMP) AS due",
                "SHOW CREATE TABLE t"));

    assertThat(said.getLast()).contains("at TIMESTAMP,", "made TIMESTAMP,", "due TIMESTAMP)");
  }

  @Test
  void theHistoryIsNewestFirstAndOtherStatementsAreRefused() throws Exception {
    List<String> said =
        run(
            List.of(
                "CREATE TABLE t AS SELECT 1 AS id, 'a' AS batch_id",
                "INSERT INTO t REPLACE WHERE batch_id = 'a' SELECT 2, 'a'",
                "DESCRIBE HISTORY `t` LIMIT 1",
                "DESC HISTORY t",
                "DESCRIBE HISTORY nothing",
                "INSERT INTO t SELECT 3, 'a'",
                "INSERT OVERWRITE t SELECT 3, 'a'",
                "INSERT INTO t REPLACE WHERE batch_id = 'a' OR id > 0 SELECT 3, 'a'",
                "CREATE OR REPLACE TABLE t AS SELECT 1 AS id",
                "CREATE TABLE u (id INT)",
                "CREATE VIEW v AS SELECT 1 AS id",
                "DROP VIEW t",
                "DELETE FROM t",
                "ALTER TABLE t DROP COLUMN id",
                "CREATE TABLE `../u` AS SELECT 1 AS id",
                "SELECT count(*) FROM t"));

    assertThat(said.get(2)).startsWith("[[\"1\", ").contains("WRITE");
    assertThat(said.get(3)).startsWith("[[\"1\", ").contains("[\"0\", ");
    assertThat(said.get(4)).startsWith("[TABLE_OR_VIEW_NOT_FOUND]");
    assertThat(said.subList(5, 15))
        .allMatch(answer ->
            answer.matches(
                "(?s)\\[(UNSUPPORTED_FEATURE|INVALID_IDENTIFIER|PARSE_SYNTAX_ERROR)].*"));
    assertThat(said.getLast()).isEqualTo("[[\"1\"]]");
  }

  private List<String> run(List<String> statements) throws Exception {
    Path scripts = Files.createDirectories(folder.resolve("scripts"));
    Path tables = Files.createDirectories(folder.resolve("tables"));
    for (String script : List.of("select_statement.py", "table_changes.py", "sql_runner.py")) {
      Script.extract(DeltaRunner.class, script, scripts);
    }
    ObjectNode asked = Json.object().put("tables", tables.toString());
    statements.forEach(asked.putArray("statements")::add);
    Process process =
        Python.run(List.of("-c", RUN_ALL, scripts.toString()))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (var in = process.getOutputStream()) {
      in.write(Json.bytes(asked));
    }
    JsonNode said = Json.read(process.getInputStream().readAllBytes());
    process.waitFor();
    return said.valueStream().map(JsonNode::asText).toList();
  }
}
