package dev.portage.localworkspace.sql;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Answers a SELECT. */
@FunctionalInterface
interface SqlRunner {
  /**
   * Runs it and waits for the answer.
   *
   * @return {@code columns}, {@code rows} and {@code truncated}
   * @throws SqlFailure when it can't be answered
   * @throws InterruptedException when it was cancelled; what it began is stopped
   */
  JsonNode run(Query query) throws SqlFailure, InterruptedException;

  /**
   * What is asked.
   *
   * @param statement the text, in Databricks' dialect
   * @param literals the literal for each named parameter
   * @param catalog where a name of two parts belongs; null for the workspace's own
   * @param schema likewise for a name of one part
   * @param rowLimit the most rows; null for no limit
   */
  record Query(
      String statement,
      Map<String, String> literals,
      @Nullable String catalog,
      @Nullable String schema,
      @Nullable Long rowLimit) {}
}
