package dev.portage.localworkspace.sql;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.localworkspace.Python;
import dev.portage.localworkspace.notebooks.Script;
import dev.portage.localworkspace.protocol.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How statements are translated for the engine, and which are refused; all in one process. */
class SelectStatementIT {
  private static final String READ_ALL =
      """
      import json, sys
      sys.path.insert(0, sys.argv[1])
      from select_statement import Refused, read
      asked = json.load(sys.stdin)
      said = {}
      for statement in asked["statements"]:
          try:
              text, tables = read(statement, asked["literals"])
              said[statement] = " | ".join([text, *(f"{name}={'.'.join(parts)}" for name, parts in tables.items())])
          except Refused as refused:
              said[statement] = f"[{refused.error_class}] {refused}"
      json.dump(said, sys.stdout)
      """;

  private static final Map<String, String> LITERALS =
      Map.of("id", "'x'' OR ''1''=''1'", "n", "CAST('7' AS BIGINT)");

  @TempDir Path folder;

  @Test
  void tablesHavePlainNamesAndParametersAreLiterals() throws Exception {
    Map<String, String> wanted = new LinkedHashMap<>();
    wanted.put(
        "SELECT count(*) AS n FROM `prod`.ml.churn c JOIN dev.ml.churn d ON c.id = d.id, other;",
        "SELECT COUNT(*) AS n FROM \"churn\" AS c JOIN \"churn_2\" AS d ON c.id = d.id"
            + " CROSS JOIN \"other\" | churn=prod.ml.churn | churn_2=dev.ml.churn | other=other");
    wanted.put("SELECT a.b.t.x, t.y FROM a.b.t", "SELECT t.x, t.y FROM \"t\" | t=a.b.t");
    wanted.put(
        "WITH x AS (SELECT extract(year FROM d) AS y, 'FROM nowhere' AS s FROM t) "
            + "SELECT * FROM x WHERE y IS DISTINCT FROM z -- FROM comment\n /* FROM comment */",
        "WITH x AS (SELECT EXTRACT(YEAR FROM d) AS y, 'FROM nowhere' AS s FROM \"t\")"
            + " SELECT * FROM x WHERE y IS DISTINCT FROM z | t=t");
    wanted.put(
        "WITH t AS (SELECT * FROM t) SELECT * FROM t JOIN main.a.t AS o ON t.id = o.id",
        "WITH t AS (SELECT * FROM \"t_3\" AS t) SELECT * FROM t JOIN \"t_2\" AS o ON t.id = o.id"
            + " | t_2=main.a.t | t_3=t");
    wanted.put(
        "SELECT 'it\\'s', \"two\", `a``b` FROM t",
        "SELECT 'it''s', 'two', \"a`b\" FROM \"t\" | t=t");
    wanted.put(
        "SELECT 1 FROM t WHERE a = :id AND b = :n AND c = ':id'",
        "SELECT 1 FROM \"t\" WHERE a = 'x'' OR ''1''=''1' AND b = CAST('7' AS BIGINT)"
            + " AND c = ':id' | t=t");
    wanted.put(
        "SELECT try_cast(p AS DOUBLE), isnan(p), CAST(b AS STRING), copy FROM t LIMIT :n",
        "SELECT TRY_CAST(p AS DOUBLE PRECISION), ISNAN(p), CAST(b AS TEXT), copy FROM \"t\""
            + " LIMIT CAST('7' AS BIGINT) | t=t");
    wanted.put("SELECT 1 UNION ALL SELECT 2", "SELECT 1 UNION ALL SELECT 2");

    assertThat(read(List.copyOf(wanted.keySet()))).containsExactlyInAnyOrderEntriesOf(wanted);
  }

  @Test
  void otherStatementsAreRefusedWithDatabricksErrorClasses() throws Exception {
    Map<String, List<String>> refused =
        Map.of(
            "[UNSUPPORTED_FEATURE] A local workspace ",
            List.of(
                "DROP TABLE t",
                "DELETE FROM t",
                "SELECT * INTO x FROM t",
                "WITH a AS (SELECT 1) INSERT INTO t SELECT * FROM a",
                "SET a = b",
                "COPY t TO 'x'",
                "SHOW TABLES",
                "DESCRIBE t",
                "SELECT * FROM read_parquet('/etc/passwd')",
                "SELECT * FROM range(5)",
                "SELECT * FROM t VERSION AS OF 3",
                "SELECT * FROM t TABLESAMPLE (5 PERCENT)",
                "SELECT * FROM t LATERAL VIEW explode(a) x AS b"),
            "[PARSE_SYNTAX_ERROR] Syntax error: ",
            List.of(
                "",
                "  ;",
                "SELECT 1; SELECT 2",
                "SELECT 'open",
                "SELECT /* open",
                "SELECT FROM WHERE",
                "SELEC 1",
                "SELECT a b c FROM t",
                "SELECT * FROM t@v3"),
            "[UNBOUND_SQL_PARAMETER] Found the unbound parameter: ",
            List.of("SELECT :nowhere", "SELECT ?"));

    Map<String, String> said = read(refused.values().stream().flatMap(List::stream).toList());

    refused.forEach((start, statements) ->
        assertThat(statements)
            .allSatisfy(statement ->
                assertThat(said.get(statement))
                    .as(statement)
                    .startsWith(start)
                    .doesNotContain("<Token", "<class")));
  }

  private Map<String, String> read(List<String> statements)
      throws IOException, InterruptedException {
    Script.extract(SelectStatementIT.class, "select_statement.py", folder);
    ObjectNode asked = Json.object();
    asked.set("literals", Json.ofTexts(LITERALS));
    statements.forEach(asked.putArray("statements")::add);
    Process process =
        Python.run(List.of("-c", READ_ALL, folder.toString()))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (var in = process.getOutputStream()) {
      in.write(Json.bytes(asked));
    }
    JsonNode said =
        Json.read(
            new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .getBytes(StandardCharsets.UTF_8));
    process.waitFor();
    Map<String, String> found = new LinkedHashMap<>();
    said.properties().forEach(one -> found.put(one.getKey(), one.getValue().asText()));
    return found;
  }
}
