package dev.portage.localworkspace.sql;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Answers a SELECT, or makes a change of one table. */
interface SqlRunner extends AutoCloseable {
  /**
   * Runs it and waits for the answer.
   *
   * @return {@code columns}, {@code rows} and {@code truncated}
   * @throws SqlFailure when it can't be answered
   * @throws InterruptedException when it was cancelled; what it began is stopped
   */
  JsonNode run(Query query) throws SqlFailure, InterruptedException;

  /** Ends what runs, and what waits for further statements. */
  @Override
  void close();

  /**
   * The statement.
   *
   * @param statement the text, in Databricks' dialect
   * @param literals the literal for each named parameter
   * @param catalog catalog of a two-part name; null for the workspace's own
   * @param schema likewise for a one-part name
   * @param rowLimit the most rows; null for no limit
   */
  record Query(
      String statement,
      Map<String, String> literals,
      @Nullable String catalog,
      @Nullable String schema,
      @Nullable Long rowLimit) {}
}
