package dev.portage.delta;

import dev.portage.databricks.Statements;
import dev.portage.databricks.Statements.Column;
import dev.portage.databricks.Statements.Outcome;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.scoring.LiveTable;
import dev.portage.scoring.LiveWrites;
import dev.portage.scoring.LiveWritesQuery;
import dev.portage.text.Bounded;
import io.temporal.failure.ApplicationFailure;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Live tables before and after a run that must not write them: by Delta's own history, and by the
 * number of rows where a table has none.
 *
 * @see <a href="https://docs.databricks.com/en/sql/language-manual/delta-describe-history.html">
 *     DESCRIBE HISTORY</a>
 */
final class LiveTables {
  /** How many history entries are read: no more than this are written during one run. */
  private static final int MOST_ENTRIES = 50;

  private static final int MOST_TOLD = 5;

  /** What a table that is none of Delta's answers. */
  private static final Pattern NOT_DELTA =
      Pattern.compile(
          "NOT_A_DELTA|DELTA_ONLY_OPERATION|MISSING_DELTA_TABLE|DELTA_TABLE_NOT_FOUND"
              + "|NOT_ALLOWED_ON_VIEW|_VIEW\\b|TABLE_NOT_VIEW|not a Delta table|is a view",
          Pattern.CASE_INSENSITIVE);

  /** Operations that change no row. */
  private static final Set<String> MAINTENANCE =
      Set.of(
          "OPTIMIZE",
          "REORG",
          "VACUUM START",
          "VACUUM END",
          "COMPUTE STATISTICS",
          "ANALYZE TABLE",
          "SET TBLPROPERTIES",
          "UNSET TBLPROPERTIES",
          "ADD COLUMNS",
          "CHANGE COLUMN",
          "UPGRADE PROTOCOL",
          "CLUSTER BY",
          "DOMAIN METADATA CHANGE",
          "ADD CONSTRAINT",
          "DROP CONSTRAINT");

  /** The id of a run in the history's column {@code job}, whichever of its fields has it. */
  private static final Pattern RUN_ID =
      Pattern.compile("\"(?:jobRunId|runId|taskRunId|multitaskParentRunId)\"\\s*:\\s*\"?(\\d+)");

  /** Engines spell it differently. */
  private static final Pattern ADDED =
      Pattern.compile("(?i)\"num_?(?:output|added|inserted)_?rows\"\\s*:\\s*\"?(\\d{1,18})");

  private static final Pattern MERGED =
      Pattern.compile("(?i)\"num_?target_?rows_?(?:inserted|updated)\"\\s*:\\s*\"?(\\d{1,18})");

  private final Statements statements;

  LiveTables(Statements statements) {
    this.statements = statements;
  }

  /** A table's columns; empty when there is no such table. */
  Optional<List<Column>> columns(String workspace, String table) {
    String tried = "read the columns of " + table;
    return switch (run(
        workspace, tried, "SELECT * FROM " + quoted(table, workspace) + " LIMIT 0")) {
      case Outcome.Rows rows -> Optional.of(rows.columns());
      case Outcome.Refused(String message) when message.contains(DeltaTables.NO_TABLE) ->
          Optional.empty();
      case Outcome.Refused(String message) ->
          throw refusal(workspace, tried, message, grant("SELECT", table));
    };
  }

  /**
   * A table as it is.
   *
   * @param onlyDelta whether one that is none of Delta's is a user's failure
   */
  LiveTable look(String workspace, String table, boolean onlyDelta) {
    Optional<List<Column>> columns = columns(workspace, table);
    if (columns.isEmpty()) {
      return LiveTable.none();
    }
    List<String> missing = PredictionColumns.missing(columns.get());
    List<String> missed = missing.isEmpty() ? null : missing;
    List<Entry> history = history(workspace, table, 1, onlyDelta);
    return history.isEmpty()
        ? new LiveTable(true, null, count(workspace, table), missed)
        : new LiveTable(true, history.getFirst().version(), null, missed);
  }

  /** How many rows were last written into a table; empty where its history does not say. */
  OptionalLong lastWritten(String workspace, String table) {
    return history(workspace, table, MOST_ENTRIES, false).stream()
        .filter(Entry::changesRows)
        .mapToLong(Entry::written)
        .filter(rows -> rows > 0)
        .findFirst();
  }

  /** What was written since. */
  LiveWrites writes(LiveWritesQuery query) {
    LiveTable before = query.before();
    List<Entry> history = history(query.workspace(), query.live(), MOST_ENTRIES, false);
    if (history.isEmpty()) {
      return withoutHistory(query);
    }
    Long known = before.version();
    long newest = history.getFirst().version();
    // One that was dropped and made again begins with version 0.
    long after = !before.exists() || known == null || newest < known ? -1 : known;
    List<String> writes = new ArrayList<>();
    boolean ours = false;
    for (Entry entry : history) {
      if (entry.version() > after && entry.mayBeOf(query.runs())) {
        ours |= entry.isOf(query.runs());
        writes.add(entry.text());
      }
    }
    if (writes.isEmpty()) {
      return LiveWrites.none();
    }
    return new LiveWrites(
        writes.subList(0, Math.min(MOST_TOLD, writes.size())), ours || holdsRowsOf(query));
  }

  private LiveWrites withoutHistory(LiveWritesQuery query) {
    LiveTable before = query.before();
    if (columns(query.workspace(), query.live()).isEmpty()) {
      return before.exists()
          ? new LiveWrites(List.of("the table has been dropped"), false)
          : LiveWrites.none();
    }
    long rows = count(query.workspace(), query.live());
    if (before.exists() && Objects.equals(before.rows(), rows)) {
      return LiveWrites.none();
    }
    String was = before.rows() == null ? "no table" : before.rows() + " rows";
    return new LiveWrites(
        List.of((before.exists() ? was : "no table") + " became " + rows + " rows"),
        holdsRowsOf(query));
  }

  /** By the batch that only this run was given. */
  private boolean holdsRowsOf(LiveWritesQuery query) {
    Outcome counted =
        statements.run(
            query.workspace(),
            "look for rows of the run's batch in " + query.live(),
            "SELECT count(*) AS n FROM "
                + quoted(query.live(), query.workspace())
                + " WHERE CAST("
                + PredictionColumns.BATCH
                + " AS STRING) = :batch_id",
            Map.of("batch_id", query.batchId()));
    // A table without that column can't show it.
    return counted instanceof Outcome.Rows rows && number(rows).orElse(0L) > 0;
  }

  private long count(String workspace, String table) {
    String tried = "count the rows of " + table;
    return switch (run(workspace, tried, "SELECT count(*) AS n FROM " + quoted(table, workspace))) {
      case Outcome.Rows rows ->
          number(rows)
              .orElseThrow(() ->
                  Failures.of(
                      Problem.of(
                          FailureKind.PLATFORM,
                          tried,
                          "workspace " + workspace,
                          "the response holds no number",
                          "Portage retries.")));
      case Outcome.Refused(String message) ->
          throw refusal(workspace, tried, message, grant("SELECT", table));
    };
  }

  private static Optional<Long> number(Outcome.Rows rows) {
    String text =
        rows.rows().isEmpty() || rows.rows().getFirst().isEmpty()
            ? null
            : rows.rows().getFirst().getFirst();
    return text != null && text.matches("\\d{1,18}")
        ? Optional.of(Long.parseLong(text))
        : Optional.empty();
  }

  /** Newest first; empty where the table has none, is not there, or is none of Delta's. */
  private List<Entry> history(String workspace, String table, int most, boolean onlyDelta) {
    String tried = "read the history of " + table;
    Outcome outcome =
        run(workspace, tried, "DESCRIBE HISTORY " + quoted(table, workspace) + " LIMIT " + most);
    if (outcome instanceof Outcome.Refused(String message)) {
      if (onlyDelta && NOT_DELTA.matcher(message).find()) {
        throw refusal(
            workspace,
            tried,
            message,
            "Name a Delta table in promotion.yaml (batch: table): predictions are published into it"
                + " by one statement, which views and other formats don't have.");
      }
      return List.of();
    }
    return outcome instanceof Outcome.Rows rows ? Entry.of(rows) : List.of();
  }

  private Outcome run(String workspace, String tried, String sql) {
    return statements.run(workspace, tried, sql, Map.of());
  }

  static String quoted(String table, String workspace) {
    return TableName.of(table, workspace).quoted();
  }

  static String grant(String right, String table) {
    return "Grant the login the right: GRANT " + right + " ON TABLE " + table + " TO `<login>`.";
  }

  /**
   * What the engine refuses is the user's to fix, except two writers at once and its own faults.
   */
  static ApplicationFailure refusal(String workspace, String tried, String message, String remedy) {
    boolean passes = passes(message);
    return Failures.of(
        Problem.of(
            passes ? FailureKind.PLATFORM : FailureKind.USER,
            tried,
            "workspace " + workspace,
            Bounded.text(message, 1_000),
            passes ? "Portage retries." : remedy));
  }

  /** Whether it is no fault of the statement, so that asking again may help. */
  static boolean passes(String message) {
    return message.contains("CONCURRENT") || message.contains("[INTERNAL_ERROR") || isBusy(message);
  }

  private static boolean isBusy(String message) {
    return message.contains("TEMPORARILY_UNAVAILABLE") || message.contains("[RESOURCE_EXHAUSTED");
  }

  /**
   * One entry of a history.
   *
   * @param job what it says of the job that wrote it, null for nothing
   */
  private record Entry(
      long version, String operation, @Nullable String user, @Nullable String job, String metrics) {

    static List<Entry> of(Outcome.Rows rows) {
      List<Entry> entries = new ArrayList<>();
      for (List<@Nullable String> row : rows.rows()) {
        String version = value(rows, row, "version");
        if (version != null && version.matches("\\d{1,18}")) {
          entries.add(
              new Entry(
                  Long.parseLong(version),
                  Objects.requireNonNullElse(value(rows, row, "operation"), "a change"),
                  value(rows, row, "userName"),
                  value(rows, row, "job"),
                  Objects.requireNonNullElse(value(rows, row, "operationMetrics"), "")));
        }
      }
      entries.sort((one, other) -> Long.compare(other.version(), one.version()));
      return entries;
    }

    private static @Nullable String value(
        Outcome.Rows rows, List<@Nullable String> row, String name) {
      for (int i = 0; i < rows.columns().size() && i < row.size(); i++) {
        if (rows.columns().get(i).name().equalsIgnoreCase(name)) {
          String value = row.get(i);
          return value == null || value.isBlank() ? null : value;
        }
      }
      return null;
    }

    private Set<Long> runIds() {
      Set<Long> ids = new HashSet<>();
      Matcher found = RUN_ID.matcher(job == null ? "" : job);
      while (found.find()) {
        ids.add(Long.parseLong(Objects.requireNonNull(found.group(1))));
      }
      return ids;
    }

    boolean isOf(List<Long> runs) {
      return runIds().stream().anyMatch(runs::contains);
    }

    /** It is more than maintenance. */
    boolean changesRows() {
      return !MAINTENANCE.contains(operation.toUpperCase(Locale.ROOT));
    }

    /** Rows that it added; 0 where its metrics don't say. MERGE counts copied rows apart. */
    long written() {
      boolean merged = operation.toUpperCase(Locale.ROOT).contains("MERGE");
      Matcher rows = (merged ? MERGED : ADDED).matcher(metrics);
      long all = 0;
      while (rows.find()) {
        all += Long.parseLong(Objects.requireNonNull(rows.group(1)));
      }
      return all;
    }

    /** It changes rows, and the history does not name another job's run for it. */
    boolean mayBeOf(List<Long> runs) {
      return changesRows() && (runIds().isEmpty() || isOf(runs));
    }

    String text() {
      Matcher rows =
          Pattern.compile("\"?num(?:Output|Added|Inserted)_?[rR]ows\"?\\s*[:=]\\s*\"?(\\d+)")
              .matcher(metrics);
      return "version "
          + version
          + ": "
          + Bounded.line(operation, 60)
          + (user == null ? "" : " by " + Bounded.line(user, 100))
          + (rows.find() ? ", " + rows.toMatchResult().group(1) + " rows" : "");
    }
  }
}
