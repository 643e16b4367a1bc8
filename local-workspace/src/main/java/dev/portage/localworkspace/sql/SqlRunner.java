package dev.portage.localworkspace.sql;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** Answers a SELECT. */
@FunctionalInterface
interface SqlRunner {
  /**
   * Runs it and waits for the answer.
   *
   * @param catalog where a name of one part belongs; null for none
   * @param schema likewise
   * @param rowLimit the most rows; null for no limit
   * @return {@code columns}, {@code rows} and {@code truncated}
   * @throws SqlFailure when it can't be answered
   * @throws InterruptedException when it was cancelled; what it began is stopped
   */
  JsonNode run(
      SelectStatement select,
      @Nullable String catalog,
      @Nullable String schema,
      @Nullable Long rowLimit)
      throws SqlFailure, InterruptedException;
}
