package dev.portage.start;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.document.Reading;
import dev.portage.settings.PromotionFile;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which lines of a commit may write the predictions table without using its parameter. */
class TableWritesTest {
  private static final String FILE =
      "model: churn\nbatch: { notebook: notebooks/score.py, table: ml.churn_predictions }\n";

  @Test
  void linesThatNameTheTableComeFirst() {
    assertThat(
            of(
                "notebooks/score.py",
                """
                # Databricks notebook source
                table = dbutils.widgets.get("table")
                scores.write.saveAsTable("ml.other")
                df.write.mode("append").saveAsTable("ml.churn_predictions")
                df.write.saveAsTable(table)
                spark.sql("DELETE FROM ml.churn_predictions WHERE day = 1")
                """))
        .containsExactly(
            "notebooks/score.py:4: df.write.mode(\"append\").saveAsTable(\"ml.churn_predictions\")",
            "notebooks/score.py:6: spark.sql(\"DELETE FROM ml.churn_predictions WHERE day = 1\")",
            "notebooks/score.py:3: scores.write.saveAsTable(\"ml.other\")");
  }

  @Test
  void onlyWhatTheScoringNotebookRunsOrImportsIsReadToo() {
    assertThat(
            of(
                "notebooks/score.py",
                "# MAGIC %run ./helpers/batch\nfrom lib.tables import write\n",
                "notebooks/helpers/batch.py",
                "df.write.saveAsTable('churn_predictions')\n",
                "lib/tables.py",
                "\nspark.sql('INSERT INTO churn_predictions SELECT 1')\n",
                "notebooks/train.py",
                "df.write.saveAsTable('churn_predictions')\n"))
        .containsExactly(
            "notebooks/helpers/batch.py:1: df.write.saveAsTable('churn_predictions')",
            "lib/tables.py:2: spark.sql('INSERT INTO churn_predictions SELECT 1')");
  }

  @Test
  void anImportOrARemarkWritesNothing() {
    assertThat(
            of(
                "notebooks/score.py",
                """
                from deltalake import write_deltalake
                from deltalake import (DeltaTable, write_deltalake)  # churn_predictions
                import churn_predictions, saveAsTable
                    "from deltalake import write_deltalake\\n",
                # df.write.saveAsTable("churn_predictions")
                # MAGIC %sql INSERT INTO churn_predictions SELECT 1
                from x import y; df.write.saveAsTable("churn_predictions")
                write_deltalake("/tables/other", rows)
                """))
        .containsExactly(
            "notebooks/score.py:6: # MAGIC %sql INSERT INTO churn_predictions SELECT 1",
            "notebooks/score.py:7: from x import y; df.write.saveAsTable(\"churn_predictions\")",
            "notebooks/score.py:8: write_deltalake(\"/tables/other\", rows)");
  }

  @Test
  void aNotebookThatUsesItsParameterHasNoSuchLine() {
    assertThat(of("notebooks/score.py", "df.write.saveAsTable(table)\n")).isNull();
    assertThat(of("notebooks/score.py", "dbutils.widgets.text('table', 'churn_predictions')\n"))
        .isNull();
  }

  private static @Nullable List<String> of(String... namesAndTexts) {
    Map<String, String> files = new LinkedHashMap<>();
    for (int i = 0; i < namesAndTexts.length; i += 2) {
      files.put(namesAndTexts[i], namesAndTexts[i + 1]);
    }
    if (!(PromotionFile.read("promotion.yaml", FILE) instanceof Reading.Good<PromotionFile> good)) {
      throw new AssertionError("the file is good");
    }
    PromotionFile file = good.value();
    return TableWrites.of(
        file,
        file.namedBy(Objects.requireNonNull(file.batch()).work(), files.keySet()),
        files.keySet(),
        name ->
            Optional.ofNullable(files.get(name))
                .map(text -> text.getBytes(StandardCharsets.UTF_8)));
  }
}
