package dev.portage.databricks;

import com.databricks.sdk.service.sql.CancelExecutionRequest;
import com.databricks.sdk.service.sql.ColumnInfo;
import com.databricks.sdk.service.sql.Disposition;
import com.databricks.sdk.service.sql.EndpointInfo;
import com.databricks.sdk.service.sql.ExecuteStatementRequest;
import com.databricks.sdk.service.sql.ExecuteStatementRequestOnWaitTimeout;
import com.databricks.sdk.service.sql.Format;
import com.databricks.sdk.service.sql.GetStatementRequest;
import com.databricks.sdk.service.sql.ResultManifest;
import com.databricks.sdk.service.sql.ResultSchema;
import com.databricks.sdk.service.sql.State;
import com.databricks.sdk.service.sql.StatementParameterListItem;
import com.databricks.sdk.service.sql.StatementResponse;
import com.databricks.sdk.service.sql.StatementState;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import io.temporal.client.ActivityCompletionException;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Runs SQL through the statements API and waits for the result, including while a warehouse starts.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/statementexecution">Statement Execution
 *     API</a>
 */
public final class Statements {
  /** The shortest wait that the API allows besides none; well within the 20 seconds of one call. */
  private static final String WAIT = "10s";

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  /** A classic warehouse takes some minutes to start. */
  private static final Duration LIMIT = Duration.ofMinutes(15);

  private final DatabricksClients clients;
  private final ActivityWait waiting;

  /** Statements in these workspaces. */
  public Statements(DatabricksClients clients, ActivityWait waiting) {
    this.clients = clients;
    this.waiting = waiting;
  }

  /** What became of a statement. */
  public sealed interface Outcome {
    /**
     * The engine answered.
     *
     * @param columns of the answer, in their order
     * @param rows of the first chunk, each value as text or null
     */
    record Rows(List<Column> columns, List<List<@Nullable String>> rows) implements Outcome {}

    /**
     * The engine refused it.
     *
     * @param message the engine's words
     */
    record Refused(String message) implements Outcome {}
  }

  /**
   * A column of an answer.
   *
   * @param name as the engine writes it
   * @param type its type in the engine's words, such as "STRING"; may be empty
   */
  public record Column(String name, String type) {}

  /**
   * Runs a statement where that costs nothing: on a warehouse that runs already, and for as long as
   * one call may take.
   *
   * @return empty when no warehouse runs, or there was no answer soon
   */
  public Optional<Outcome> peek(String workspace, String tried, String sql) {
    DatabricksApi api = clients.of(workspace);
    Optional<EndpointInfo> warehouse =
        Warehouses.chosen(new Warehouses(api).all(), api.workspace().warehouse())
            .filter(chosen -> chosen.getState() == State.RUNNING);
    if (warehouse.isEmpty()) {
      return Optional.empty();
    }
    Waiting waiting = new Waiting(api, tried);
    StatementResponse answer =
        waiting.first(
            warehouse.get().getId(), sql, Map.of(), ExecuteStatementRequestOnWaitTimeout.CANCEL);
    StatementState state = answer.getStatus() == null ? null : answer.getStatus().getState();
    return state == StatementState.SUCCEEDED || state == StatementState.FAILED
        ? Optional.of(waiting.outcome(answer))
        : Optional.empty();
  }

  /**
   * Runs a statement on the workspace's warehouse.
   *
   * @param tried what for, such as "count the rows of churn_predictions"
   * @param parameters by name, each as text
   */
  public Outcome run(String workspace, String tried, String sql, Map<String, String> parameters) {
    DatabricksApi api = clients.of(workspace);
    return new Waiting(api, tried).run(new Warehouses(api).id(), sql, parameters);
  }

  /** The wait for one statement. */
  private final class Waiting {
    private final DatabricksApi api;
    private final String tried;
    private final Instant limit = waiting.now().plus(LIMIT);

    Waiting(DatabricksApi api, String tried) {
      this.api = api;
      this.tried = tried;
    }

    Outcome run(String warehouse, String sql, Map<String, String> parameters) {
      waiting.beat(tried);
      StatementResponse answer =
          first(warehouse, sql, parameters, ExecuteStatementRequestOnWaitTimeout.CONTINUE);
      Duration pause = FIRST_PAUSE;
      while (isUnderWay(answer)) {
        String id = answer.getStatementId();
        if (id == null) {
          throw failure(FailureKind.PLATFORM, "the response names no statement");
        }
        answer = next(id, pause);
        Duration longer = pause.multipliedBy(2);
        pause = longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
      }
      return outcome(answer);
    }

    private StatementResponse first(
        String warehouse,
        String sql,
        Map<String, String> parameters,
        ExecuteStatementRequestOnWaitTimeout afterwards) {
      ExecuteStatementRequest request =
          new ExecuteStatementRequest()
              .setWarehouseId(warehouse)
              .setStatement(sql)
              .setParameters(parameters(parameters))
              .setDisposition(Disposition.INLINE)
              .setFormat(Format.JSON_ARRAY)
              .setWaitTimeout(WAIT)
              .setOnWaitTimeout(afterwards);
      return api.ask(tried, () -> api.statements().executeStatement(request));
    }

    private StatementResponse next(String id, Duration pause) {
      try {
        waiting.pause(pause, tried);
      } catch (ActivityCompletionException ending) {
        cancel(id);
        throw ending;
      }
      if (waiting.now().isAfter(limit)) {
        cancel(id);
        throw failure(FailureKind.PLATFORM, "no result in " + LIMIT.toMinutes() + " minutes");
      }
      return api.ask(
          tried, () -> api.statements().getStatement(new GetStatementRequest().setStatementId(id)));
    }

    private Outcome outcome(StatementResponse answer) {
      StatementState state = answer.getStatus().getState();
      if (state == StatementState.SUCCEEDED) {
        return new Outcome.Rows(columns(answer), rows(answer));
      }
      String message =
          answer.getStatus().getError() == null ? null : answer.getStatus().getError().getMessage();
      if (state == StatementState.FAILED && message != null) {
        return new Outcome.Refused(message);
      }
      throw failure(
          FailureKind.PLATFORM,
          "the statement is " + state + (message == null ? "" : ": " + message));
    }

    /** Nobody waits for it any more; that it fails is no matter. */
    private void cancel(String id) {
      try {
        api.call(
            tried,
            () ->
                api.statements().cancelExecution(new CancelExecutionRequest().setStatementId(id)));
      } catch (ApplicationFailure _) {
        // It ends on its own.
      }
    }

    private ApplicationFailure failure(FailureKind kind, String cameBack) {
      return Failures.of(
          Problem.of(kind, tried, api.workspace().where(), cameBack, "Portage retries."));
    }
  }

  /** A state that is missing or not known means "ask again". */
  private static boolean isUnderWay(StatementResponse answer) {
    StatementState state = answer.getStatus() == null ? null : answer.getStatus().getState();
    return state == null || state == StatementState.PENDING || state == StatementState.RUNNING;
  }

  private static List<StatementParameterListItem> parameters(Map<String, String> parameters) {
    return parameters.entrySet().stream()
        .map(parameter ->
            new StatementParameterListItem()
                .setName(parameter.getKey())
                .setValue(parameter.getValue())
                .setType("STRING"))
        .toList();
  }

  private static List<Column> columns(StatementResponse answer) {
    ResultManifest manifest = answer.getManifest();
    ResultSchema schema = manifest == null ? null : manifest.getSchema();
    Collection<ColumnInfo> columns = schema == null ? null : schema.getColumns();
    return columns == null
        ? List.of()
        : columns.stream()
            .map(column ->
                new Column(
                    String.valueOf(column.getName()),
                    Objects.requireNonNullElse(column.getTypeText(), "")))
            .toList();
  }

  private static List<List<@Nullable String>> rows(StatementResponse answer) {
    Collection<Collection<String>> data =
        answer.getResult() == null ? null : answer.getResult().getDataArray();
    return data == null ? List.of() : data.stream().map(Statements::row).toList();
  }

  private static List<@Nullable String> row(Collection<String> values) {
    List<@Nullable String> row = new ArrayList<>(values);
    return Collections.unmodifiableList(row);
  }
}
