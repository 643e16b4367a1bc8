package dev.portage.settings;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Batch scoring in the target.
 *
 * @param job name of the job that Portage makes; of a job of the team's, its name or id
 * @param notebook of a job that runs one, relative to {@code promotion.yaml}; null for other work
 * @param table table of the predictions
 * @param parameters further parameters
 * @param schedule Quartz cron expression, null for none
 * @param timezone of the schedule
 * @param timeout after which the workspace ends a run
 * @param work what scores; null from a writer that knew notebooks alone
 * @param check what is checked about the predictions; null for the rows, and for the team's own job
 *     as much as its table allows
 * @param rules what the predictions must look like; null for no rules
 */
public record BatchSettings(
    String job,
    @Nullable String notebook,
    String table,
    Map<String, String> parameters,
    @Nullable String schedule,
    String timezone,
    Duration timeout,
    @Nullable Work work,
    @Nullable PredictionCheck check,
    @Nullable PredictionRules rules) {

  public BatchSettings {
    parameters = Map.copyOf(parameters);
  }

  /** A job that Portage makes, of a notebook. */
  public BatchSettings(
      String job,
      String notebook,
      String table,
      Map<String, String> parameters,
      @Nullable String schedule,
      String timezone,
      Duration timeout) {
    this(
        job,
        notebook,
        table,
        parameters,
        schedule,
        timezone,
        timeout,
        new Work.Notebook(notebook, parameters, timeout),
        null,
        null);
  }

  /** Scoring by this work, with its rows checked. */
  public static BatchSettings of(
      String job, Work work, String table, @Nullable String schedule, String timezone) {
    return of(job, work, table, schedule, timezone, null);
  }

  /** Scoring by this work. */
  public static BatchSettings of(
      String job,
      Work work,
      String table,
      @Nullable String schedule,
      String timezone,
      @Nullable PredictionCheck check) {
    return new BatchSettings(job, work, table, schedule, timezone, check);
  }

  private BatchSettings(
      String job,
      Work work,
      String table,
      @Nullable String schedule,
      String timezone,
      @Nullable PredictionCheck check) {
    this(
        job,
        work instanceof Work.Notebook notebook ? notebook.notebook() : null,
        table,
        work.parameters(),
        schedule,
        timezone,
        work.timeout(),
        work,
        check,
        null);
  }

  /** The same with the names of one workspace, where it has names of its own. */
  BatchSettings with(@Nullable WorkspaceNames names) {
    return names == null
        ? this
        : new BatchSettings(
            this,
            Objects.requireNonNullElse(names.jobs(), job),
            Objects.requireNonNullElse(names.tables(), table),
            work instanceof Work.Job theirs && names.jobs() != null
                ? new Work.Job(names.jobs(), theirs.parameters(), theirs.timeout())
                : work,
            rules == null || names.inputs() == null ? rules : rules.withInput(names.inputs()));
  }

  /** The same with what the settings of its job say of one workspace, if a file has them. */
  BatchSettings in(Station station) {
    return work instanceof Work.Defined file
        ? with(
            file.filled(
                Map.of(
                    JobPlaces.MODEL, station.model(), JobPlaces.ALIAS, station.marking().live())))
        : this;
  }

  /**
   * The same with what the settings of its job say of a commit, if a file has them.
   *
   * @param commit full id
   * @param folder of {@code promotion.yaml} in the repository, "" at its top
   */
  public BatchSettings of(String commit, String folder) {
    return work instanceof Work.Defined file
        ? with(
            file.filled(
                Map.of(
                    JobPlaces.COMMIT,
                    commit,
                    JobPlaces.FOLDER,
                    folder.isEmpty() ? "" : folder + "/")))
        : this;
  }

  private BatchSettings with(Work its) {
    return new BatchSettings(this, job, table, its, rules);
  }

  /** The same with rules for its predictions; null for none. */
  public BatchSettings ruledBy(@Nullable PredictionRules its) {
    return new BatchSettings(this, job, table, work, its);
  }

  private BatchSettings(
      BatchSettings one,
      String job,
      String table,
      @Nullable Work work,
      @Nullable PredictionRules rules) {
    this(
        job,
        one.notebook,
        table,
        one.parameters,
        one.schedule,
        one.timezone,
        one.timeout,
        work,
        one.check,
        rules);
  }

  /** What scores. */
  public Work scoring() {
    return work == null
        ? new Work.Notebook(
            Objects.requireNonNull(notebook, "without work there is a notebook"),
            parameters,
            timeout)
        : work;
  }

  /** What is checked of the predictions. */
  public PredictionCheck checked() {
    return check == null ? PredictionCheck.ROWS : check;
  }

  /** Whether a job of the team's scores, which Portage runs and never changes. */
  public boolean isTheirJob() {
    return work instanceof Work.Job;
  }
}
