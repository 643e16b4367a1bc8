package dev.portage.localworkspace.sql;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which tables there are, wherever their folders have short names. */
class TableListingTest {

  @TempDir Path tables;

  @Test
  void aSchemasTablesByPatternAndInNoCase() throws Exception {
    table("churn");
    table("churn__portage_a_1");
    table("ml.other__portage_b_2");
    table("main.ml.third__portage_c_3");
    Files.createDirectories(tables.resolve("no_table"));

    assertThat(names("SHOW TABLES")).containsExactly("churn", "churn__portage_a_1");
    assertThat(names("show tables like 'CHURN*__portage_*'")).containsExactly("churn__portage_a_1");
    assertThat(names("SHOW TABLES IN `ml` LIKE '*__portage_*'"))
        .containsExactly("other__portage_b_2", "third__portage_c_3");
    assertThat(names("SHOW TABLES FROM main.ml 'other*|nothing'"))
        .containsExactly("other__portage_b_2");
    assertThat(names("SHOW TABLES IN absent")).isEmpty();
  }

  @Test
  void anyOtherStatementIsForTheEngine() throws Exception {
    assertThat(answer("SELECT 1")).isEmpty();
    assertThat(answer("SHOW TABLES; DROP TABLE t")).isEmpty();
  }

  private void table(String name) throws IOException {
    Files.createDirectories(tables.resolve(name).resolve("_delta_log"));
  }

  private List<String> names(String statement) throws SqlFailure {
    List<String> names = new ArrayList<>();
    for (JsonNode row : answer(statement).orElseThrow().path("rows")) {
      names.add(row.path(1).asText());
    }
    return names;
  }

  private Optional<JsonNode> answer(String statement) throws SqlFailure {
    return new TableListing(tables)
        .answer(new SqlRunner.Query(statement, Map.of(), null, null, null));
  }
}
